using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Demo.Outside;
using CampaignHub.Server.Domains;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Time;
using NodaTime;
using Org.BouncyCastle.Crypto.Parameters;

namespace CampaignHub.Server.Tests.Domains;

/// <summary>Which keys sign, over verification, rotation and the daily read. The clock is stepped, so the service is these tests' own.</summary>
public sealed class SigningKeysTests(DomainsFixture fixture) : IClassFixture<DomainsFixture>
{
    private readonly TestService _service = fixture.Service;
    private readonly DnsResponder _dns = fixture.Dns;

    private HttpClient Http => _service.Http;

    [Fact]
    public async Task A_verified_domain_signs_with_both_keys_for_itself_and_all_below_it()
    {
        var made = await Http.NewDomainAsync("signed.example");
        (await KeysAsync("signed.example")).ShouldBeEmpty();
        _dns.PublishKeys(made);
        await Http.VerifiedAsync(made);

        var keys = await KeysAsync("signed.example");

        keys.Select(k => $"{k.Selector}._domainkey.{k.Domain}").ShouldBe(made.Keys().Select(r => r.Host()));
        keys.Select(k => k.Algorithm).ShouldBe([DkimAlgorithm.RsaSha256, DkimAlgorithm.Ed25519Sha256]);
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(keys[0].PrivateKey, out _);
        made.Keys()[0].Text().ShouldEndWith($"p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}");
        made.Keys()[1].Text().ShouldEndWith($"p={Convert.ToBase64String(new Ed25519PrivateKeyParameters(keys[1].PrivateKey).GeneratePublicKey().GetEncoded())}");
        (await KeysAsync("news.eu.signed.example")).Select(k => k.ToString()).ShouldBe(keys.Select(k => k.ToString()));
        (await KeysAsync("unsigned.example")).ShouldBeEmpty();
        await using var transaction = await _service.Get<Database>().BeginAsync((await _service.NewTenantAsync()).Id, CancellationToken.None);
        (await DomainStore.SigningKeysAsync(transaction, _service.Get<KeyRing>(), "signed.example")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_nearest_verified_domain_signs()
    {
        var (above, below) = (await Http.NewDomainAsync("near.example"), await Http.NewDomainAsync("eu.near.example"));
        _dns.PublishKeys(above);
        await Http.VerifiedAsync(above);
        (await KeysAsync("news.eu.near.example")).ShouldAllBe(k => k.Domain == "near.example");
        _dns.PublishKeys(below);
        await Http.VerifiedAsync(below);
        (await KeysAsync("news.eu.near.example")).ShouldAllBe(k => k.Domain == "eu.near.example");
    }

    [Fact]
    public async Task Keys_are_rotated_without_a_gap_and_the_old_ones_stay_listed_for_a_week()
    {
        var made = await Http.NewDomainAsync("rotated.example");
        (await Http.PostAsync($"{made.Path()}/rotate", null).ExpectAsync(HttpStatusCode.Conflict)).ProblemType().ShouldBe("state_conflict");
        _dns.PublishKeys(made);
        await Http.VerifiedAsync(made);

        var rotating = await Http.RotateAsync(made);
        rotating.Keys().Select(k => k["required"]!.GetValue<bool>()).ShouldBe([true, true, false, false]);
        _dns.Publish(rotating.Keys()[2].Host(), rotating.Keys()[2].Text());
        await Http.VerifiedAsync(made);
        (await SelectorsAsync("rotated.example")).ShouldAllBe(s => s.StartsWith("ch1"));
        await Http.PostAsync($"{made.Path()}/rotate", null).ExpectAsync(HttpStatusCode.Conflict);

        _dns.PublishKeys(rotating);
        var rotated = await Http.VerifiedAsync(made);
        (await SelectorsAsync("rotated.example")).ShouldAllBe(s => s.StartsWith("ch2"));
        rotated.Keys().Select(k => k["required"]!.GetValue<bool>()).ShouldBe([false, false, true, true]);
        var keepUntil = Instant(rotated.Keys()[0]["keep_until"]!);
        (keepUntil - Instant(rotated["checked_at"]!)).ShouldBe(Duration.FromDays(7));
        rotated.Keys()[2]["keep_until"].ShouldBeNull();

        _service.Get<BusinessClock>().StepTo(keepUntil);
        var later = await DayAfterAsync(rotated);
        later.Keys().Select(k => k.Host()).ShouldBe(rotated.Keys()[2..].Select(k => k.Host()));
        later.IsVerified().ShouldBeTrue();
        (await Http.RotateAsync(made)).Keys()[2].Host().ShouldStartWith("ch3r-");
    }

    [Fact]
    public async Task A_domain_is_read_every_day_and_loses_its_verification_after_three_wrong_ones()
    {
        var made = await Http.NewDomainAsync("daily.example");
        _dns.PublishKeys(made);
        var domain = await DayAfterAsync(made);
        domain.IsVerified().ShouldBeTrue(domain.ToJsonString());

        var host = made.Keys()[1].Host();
        _dns.Publish(host);
        domain = await DayAfterAsync(domain);
        _dns.Fail(host);
        domain = await DayAfterAsync(domain);
        _dns.Fail(host, fails: false);
        domain = await DayAfterAsync(domain);
        (domain.IsVerified(), domain["failed_reads"]!.GetValue<int>()).ShouldBe((true, 2));
        (await KeysAsync("daily.example")).Count.ShouldBe(2);

        domain = await DayAfterAsync(domain);
        domain.IsVerified().ShouldBeFalse();
        domain["problem"]!.GetValue<string>().ShouldBe($"{host}: There is no TXT record here.");
        (await KeysAsync("daily.example")).ShouldBeEmpty();
        _dns.PublishKeys(made);
        domain = await DayAfterAsync(domain);
        domain.IsVerified().ShouldBeTrue(domain.ToJsonString());
    }

    /// <summary>The domain after the next daily read.</summary>
    private async Task<JsonObject> DayAfterAsync(JsonObject domain)
    {
        var clock = _service.Get<BusinessClock>();
        clock.StepTo(clock.GetCurrentInstant() + Duration.FromDays(1));
        var steppedTo = clock.GetCurrentInstant();
        return await Eventually.Async(() => Http.GetJsonAsync(domain.Path()),
            d => d["checked_at"] is { } at && Instant(at) >= steppedTo, "the daily read");
    }

    private async Task<IReadOnlyList<DkimKey>> KeysAsync(string fromDomain)
    {
        await using var transaction = await _service.Get<Database>().BeginAsync(_service.Tenant.Id, CancellationToken.None);
        return await DomainStore.SigningKeysAsync(transaction, _service.Get<KeyRing>(), fromDomain);
    }

    private async Task<IEnumerable<string>> SelectorsAsync(string fromDomain) => (await KeysAsync(fromDomain)).Select(k => k.Selector);

    private static Instant Instant(JsonNode node) => NodaTime.Text.InstantPattern.ExtendedIso.Parse(node.GetValue<string>()).Value;
}
