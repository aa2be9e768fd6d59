using System.Net;
using System.Security.Cryptography;
using CampaignHub.Core.Tenancy;
using CampaignHub.Core.Tracking;
using CampaignHub.Server.Tests.Platform;

namespace CampaignHub.Server.Tests.Tracking;

/// <summary>A service that answers a page as often as it is asked, so that many answers can be compared whole.</summary>
public sealed class UnlimitedPagesFixture : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TestService.StartAsync("--CampaignHub:Limits:PagesPerNetworkAndMinute=0");

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();
}

public sealed class TrackingTokenTests(UnlimitedPagesFixture fixture) : IClassFixture<UnlimitedPagesFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task A_pixel_is_43_bytes_of_gif_that_nobody_keeps()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        using var answer = await http.FetchAsync(seed.Pixel());
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/gif");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Contains("Tracking-Stored").ShouldBeFalse();
        var gif = await answer.Content.ReadAsByteArrayAsync();
        gif.Length.ShouldBe(43);
        gif[..6].ShouldBe("GIF89a"u8.ToArray());
    }

    [Fact]
    public async Task An_invalid_pixel_is_answered_like_a_valid_one()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        var valid = await ShowAsync(await http.FetchAsync(seed.Pixel()));
        foreach (var path in Changed(seed.Pixel(), ".gif").Append("/o/x.gif"))
            (await ShowAsync(await http.FetchAsync(path))).ShouldBe(valid, path);
    }

    [Fact]
    public async Task Any_changed_byte_of_a_link_or_page_is_a_page_that_does_not_exist()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        var missing = await ShowAsync(await http.FetchAsync("/no-such-page"));
        foreach (var path in new[] { seed.Link(), seed.Link(0, 0, "https://shop.example/?me=1"), seed.UnsubscribePage() }.SelectMany(path => Changed(path, "")))
            (await ShowAsync(await http.FetchAsync(path))).ShouldBe(missing, path);
        foreach (var path in Changed(seed.UnsubscribePage(), ""))
            (await ShowAsync(await http.FetchAsync(path, method: HttpMethod.Post))).ShouldBe(missing, path);
    }

    [Fact]
    public async Task Whatever_is_wrong_with_a_token_is_answered_alike_and_writes_nothing()
    {
        var (seed, other) = (await Seed.SentAsync(service), await Seed.SentAsync(service));
        var random = new Random(20261127);
        using var http = service.Anonymous;
        var picture = await ShowAsync(await http.FetchAsync("/o/x.gif"));
        foreach (var path in Wrong(random, seed.Pixel(), other.Pixel(), ".gif"))
            (await ShowAsync(await http.FetchAsync(path))).ShouldBe(picture, path);
        var missing = await ShowAsync(await http.FetchAsync("/no-such-page"));
        foreach (var path in Wrong(random, seed.Link(), other.Link(), "").Concat(Wrong(random, seed.Link(url: "https://shop.example/"), other.Link(), "")))
            (await ShowAsync(await http.FetchAsync(path))).ShouldBe(missing, path);
        foreach (var path in Wrong(random, seed.UnsubscribePage(), other.UnsubscribePage(), ""))
            (await ShowAsync(await http.FetchAsync(path, method: HttpMethod.Post))).ShouldBe(missing, path);

        (await StoredHits.CountAsync(service, seed, other)).ShouldBe(0);
        (await service.HasRowAsync($"SELECT FROM campaignhub.events WHERE tenant_id IN ('{seed.Tenant.Id}', '{other.Tenant.Id}')")).ShouldBeFalse();
        (await service.HasRowAsync($"SELECT FROM campaignhub.recipients WHERE tenant_id IN ('{seed.Tenant.Id}', '{other.Tenant.Id}') AND consent_status <> 'granted'")).ShouldBeFalse();
    }

    [Fact]
    public async Task Mail_from_before_a_rotation_of_the_key_ring_is_still_tracked()
    {
        using var place = new TemporaryDirectory();
        var old = KeyRing.Create(RandomNumberGenerator.GetBytes(KeyRing.SecretBytes));
        await File.WriteAllTextAsync(place.PathOf("keyring"), old.Rotate(RandomNumberGenerator.GetBytes(KeyRing.SecretBytes)).Format());
        await using var rotated = await TestService.StartAsync($"--CampaignHub:KeyRing={place.PathOf("keyring")}");
        var seed = await Seed.SentAsync(rotated);
        using var http = rotated.Anonymous;
        var key = old.Derive(seed.Tenant.Id, KeyPurpose.Tracking, TrackingToken.KeyBytes);
        await http.FetchAsync($"/o/{TrackingToken.Open(seed.Tenant.Id, seed.Deliveries[0]).Write(key)}.gif");
        await LocationAsync(http, $"/c/{TrackingToken.Click(seed.Tenant.Id, seed.CampaignId, seed.Deliveries[0], 0).Write(key)}");
        await LocationAsync(http, seed.Link());
        (await StoredHits.CountAsync(rotated, seed)).ShouldBe(3);
    }

    [Fact]
    public async Task A_token_is_good_for_its_own_kind_only()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        foreach (var path in new[] { seed.Link().Replace("/c/", "/u/", StringComparison.Ordinal), seed.UnsubscribePage().Replace("/u/", "/c/", StringComparison.Ordinal) })
            (await http.FetchAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_link_leads_to_exactly_the_authors_url()
    {
        var seed = await Seed.SentAsync(service, 1, "https://shop.example/a?x=1&y=%7B%22#top", "HTTP://Shop.example:80/grün weg");
        using var http = service.Anonymous;
        (await LocationAsync(http, seed.Link())).ShouldBe("https://shop.example/a?x=1&y=%7B%22#top");
        (await LocationAsync(http, seed.Link(0, 1))).ShouldBe("HTTP://Shop.example:80/gr%C3%BCn%20weg");
        (await LocationAsync(http, seed.Link(0, 7, "https://shop.example/?me=ann&x"))).ShouldBe("https://shop.example/?me=ann&x");
        (await http.FetchAsync(seed.Link(0, 7))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_longest_url_that_a_token_carries_is_followed()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        var url = "https://shop.example/" + new string('€', 2027);
        (await LocationAsync(http, seed.Link(0, 0, url))).ShouldStartWith("https://shop.example/%E2%82%AC");
    }

    /// <summary>The path with each byte of its token changed, one at a time, and with one too many or too few.</summary>
    private static IEnumerable<string> Changed(string path, string suffix)
    {
        var token = path[3..^suffix.Length];
        for (var at = 0; at < token.Length; at++)
            yield return $"{path[..3]}{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}{suffix}";
        yield return $"{path[..3]}{token[..^1]}{suffix}";
        yield return $"{path[..3]}{token}A{suffix}";
    }

    /// <summary>The token as noise, guesses and forgers have it: changed anywhere, cut, turned, joined with another's, too long, of another kind.</summary>
    private static IEnumerable<string> Wrong(Random random, string path, string others, string suffix)
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var (begin, token, other) = (path[..3], path[3..^suffix.Length], others[3..^suffix.Length]);
        for (var n = 0; n < 250; n++)
        {
            var at = random.Next(1, token.Length);
            var letter = letters[random.Next(letters.Length)];
            string[] made =
            [
                token[..at] + letter + token[(at + 1)..], token.Insert(at, letter.ToString()), token.Remove(at, 1), token[..at], token[at..] + token[..at],
                token[..Math.Min(at, other.Length)] + other[Math.Min(at, other.Length)..], new string(random.GetItems<char>(letters, token.Length)), token + token,
            ];
            foreach (var wrong in made.Where(wrong => wrong != token && wrong != other))
                yield return begin + wrong + suffix;
        }
        foreach (var wrong in new[] { token + "=", token + "%20", token + ".", new string('A', 9_000), "é" + token })
            yield return begin + wrong + suffix;
    }

    private static async Task<string> LocationAsync(HttpClient http, string path)
    {
        using var answer = await http.FetchAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
        return answer.Headers.NonValidated["Location"].ToString();
    }

    private static async Task<string> ShowAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.Headers.Remove("Date");
            return $"{answer.StatusCode}\n{answer.Headers}{answer.Content.Headers}{Convert.ToBase64String(await answer.Content.ReadAsByteArrayAsync())}";
        }
    }
}
