using System.Text.Json.Nodes;
using CampaignHub.Core.Sending;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Inbound;
using CampaignHub.Server.Tests.Platform;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>A service that takes mail which came back, under a ring that was rotated once; three soft bounces are too many.</summary>
public sealed class InboundFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TestService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var ring = _directory.PathOf("ring");
        await File.WriteAllTextAsync(ring, KeyRing.Create(Enumerable.Repeat((byte)1, 32).ToArray()).Rotate(Enumerable.Repeat((byte)2, 32).ToArray()).Format());
        File.SetUnixFileMode(ring, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Service = await TestService.StartAsync($"--CampaignHub:KeyRing={ring}", "--CampaignHub:Inbound:Listen=127.0.0.1:0", "--CampaignHub:Inbound:SoftBounces=3");
    }

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();

    public void Dispose() => _directory.Dispose();

    public Task<MailServer> ConnectAsync(string hello = "EHLO mx.example") => MailServer.ConnectAsync(Service.Get<InboundListener>().EndPoint, hello);

    /// <summary>A campaign that was sent, and the tenant's domain that mail comes back to.</summary>
    public async Task<Seed> SentAsync(int deliveries = 1, string domain = "bounces.example")
    {
        var seed = await Seed.SentAsync(Service, deliveries);
        await VerifyBounceDomainAsync(seed.Tenant.Id, domain);
        return seed;
    }

    /// <summary>A domain that DNS was asked about with success.</summary>
    public Task VerifyBounceDomainAsync(Guid tenantId, string domain) => Service.SqlAsync($"""
        INSERT INTO campaignhub.domains (tenant_id, domain_id, name, kind, verified_at, next_read_at, created_at)
        VALUES ('{tenantId}', '{Guid.CreateVersion7()}', '{domain}', 'bounce', clock_timestamp(), clock_timestamp() + interval '1 day', clock_timestamp())
        """);

    public byte[] KeyOf(Seed seed) => Service.Get<KeyRing>().Derive(seed.Tenant.Id, KeyPurpose.ReturnPath, ReturnPath.KeyBytes);

    public string ReturnPathOf(Seed seed, int delivery = 0) => ReturnPath.Make(KeyOf(seed), seed.Deliveries[delivery], "bounces.example");

    /// <summary>All of the tenant's events, once there are so many.</summary>
    public static async Task<IReadOnlyList<JsonObject>> EventsAsync(Seed seed, int count)
    {
        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(count);
        feed.Seen.Count.ShouldBe(count);
        return feed.Seen;
    }
}

/// <summary>Mail that comes back.</summary>
public static class Returned
{
    public static string Bounce(string status, string diagnostic, string action = "failed", string id = "report") => $"""
        From: MAILER-DAEMON@mx.example
        Subject: Undelivered Mail Returned to Sender
        Message-ID: <{id}.{status}.{action}@mx.example>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=x

        --x
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example

        Final-Recipient: rfc822; forwarded@elsewhere.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {diagnostic}
        --x--
        """;

    public static string Complaint() => """
        From: fbl@provider.example
        Subject: FW: Sale
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary=x

        --x
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        --x
        Content-Type: message/rfc822

        Subject: Sale

        --x--
        """;
}
