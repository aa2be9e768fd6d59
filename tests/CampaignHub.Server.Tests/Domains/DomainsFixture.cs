using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Outside;

namespace CampaignHub.Server.Tests.Domains;

/// <summary>A service that asks a DNS server of the tests' own.</summary>
public sealed class DomainsFixture : IAsyncLifetime
{
    public DnsResponder Dns { get; } = new();

    public TestService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TestService.StartAsync($"--CampaignHub:Dns:Servers:0={Dns.Address}");

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Dns.DisposeAsync();
    }
}

/// <summary>Domains as a caller sees them, and their records as a name server gets them.</summary>
internal static class DomainCalls
{
    public static Task<JsonObject> NewDomainAsync(this HttpClient http, string name, string kind = "sending") =>
        http.PostAsync("/v1/domains", new { name, kind }, HttpStatusCode.Created);

    public static Task<JsonObject> VerifyAsync(this HttpClient http, JsonNode domain) =>
        http.PostAsync($"{Path(domain)}/verify", null).ExpectAsync(HttpStatusCode.OK);

    /// <summary>Verifies it where all is well in DNS.</summary>
    public static async Task<JsonObject> VerifiedAsync(this HttpClient http, JsonNode domain)
    {
        var verified = await http.VerifyAsync(domain);
        verified.IsVerified().ShouldBeTrue(verified.ToJsonString());
        return verified;
    }

    public static Task<JsonObject> RotateAsync(this HttpClient http, JsonNode domain) =>
        http.PostAsync($"{Path(domain)}/rotate", null).ExpectAsync(HttpStatusCode.OK);

    public static string Path(this JsonNode domain) => $"/v1/domains/{domain["id"]}";

    public static bool IsVerified(this JsonNode domain) => domain["verified"]!.GetValue<bool>();

    public static JsonNode[] Records(this JsonNode domain) => [.. domain["records"]!.AsArray().Select(r => r!)];

    public static JsonNode[] Keys(this JsonNode domain) => [.. domain.Records().Where(r => r.Host().Contains("._domainkey."))];

    public static JsonNode RecordAt(this JsonNode domain, string host) => domain.Records().Single(r => r.Host() == host);

    public static string Host(this JsonNode record) => record["host"]!.GetValue<string>();

    public static bool? Ok(this JsonNode record) => record["ok"]?.GetValue<bool>();

    public static string? Problem(this JsonNode record) => record["problem"]?.GetValue<string>();

    /// <summary>The record's text as a name server holds it: the quoted strings of the shown value, joined.</summary>
    public static string Text(this JsonNode record) => string.Concat(record["value"]!.GetValue<string>().Split("\" \"")).Trim('"');

    /// <summary>Publishes the DKIM records as they are shown.</summary>
    public static void PublishKeys(this DnsResponder dns, JsonNode domain)
    {
        foreach (var key in domain.Keys())
            dns.Publish(key.Host(), key.Text());
    }
}
