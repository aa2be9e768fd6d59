using System.Net;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Tracking;

public sealed class UnsubscribeTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Fact]
    public async Task The_page_has_a_form_needs_no_script_and_changes_nothing()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        using var answer = await http.FetchAsync(seed.UnsubscribePage());
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldContain("<form method=\"post\">");
        page.ShouldContain("Shop");
        page.ShouldNotContain("<script");
        (await ConsentAsync(seed)).ShouldBe("granted");
    }

    [Fact]
    public async Task One_click_withdraws_at_once_and_is_one_event_however_often_it_is_posted()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => OneClickAsync(http, seed)));
        answers.ShouldAllBe(a => a.StatusCode == HttpStatusCode.OK && a.Content.Headers.ContentType!.MediaType == "text/plain");
        (await ConsentAsync(seed)).ShouldBe("withdrawn");

        var feed = new Feed(seed.Tenant.Http);
        await feed.ReadUntilAsync(1);
        (await CountEventsAsync(seed)).ShouldBe(1);
        feed.Seen.Single()["type"]!.GetValue<string>().ShouldBe("delivery.unsubscribed");
        feed.Seen.Single()["recipient_id"]!.GetValue<Guid>().ShouldBe(seed.Recipients[0]);
    }

    [Fact]
    public async Task The_pages_button_is_answered_with_a_page()
    {
        var seed = await Seed.SentAsync(service);
        using var http = service.Anonymous;
        using var answer = await http.FetchAsync(seed.UnsubscribePage(), method: HttpMethod.Post, headers: ("Accept", "text/html,*/*;q=0.8"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("You are unsubscribed");
        (await ConsentAsync(seed)).ShouldBe("withdrawn");
    }

    [Theory]
    [InlineData("ar-EG", "de", "<html lang=\"ar\" dir=\"rtl\">", "إلغاء الاشتراك")]
    [InlineData(null, "sv, de-CH;q=0.9", "<html lang=\"de\" dir=\"ltr\">", "Abmelden")]
    [InlineData("zh-TW", null, "<html lang=\"zh-Hant\" dir=\"ltr\">", "取消訂閱")]
    [InlineData(null, null, "<html lang=\"en\" dir=\"ltr\">", "Unsubscribe")]
    public async Task The_page_speaks_the_persons_language_or_their_browsers(string? locale, string? browser, string tag, string heading)
    {
        var seed = await Seed.SentAsync(service);
        await seed.Tenant.Http.PatchAsync($"/v1/recipients/{seed.Recipients[0]}", new { locale }, HttpStatusCode.OK);
        using var http = service.Anonymous;
        (string, string)[] headers = browser is null ? [] : [("Accept-Language", browser)];
        using var answer = await http.FetchAsync(seed.UnsubscribePage(), headers: headers);
        (await answer.Content.ReadAsStringAsync()).ShouldSatisfyAllConditions(page => page.ShouldContain(tag), page => WebUtility.HtmlDecode(page).ShouldContain($"<h1>{heading}</h1>"));
    }

    [Fact]
    public async Task Another_tenants_delivery_is_not_found()
    {
        var (seed, other) = (await Seed.SentAsync(service), await Seed.SentAsync(service));
        seed.Deliveries[0] = other.Deliveries[0];
        using var http = service.Anonymous;
        (await http.FetchAsync(seed.UnsubscribePage())).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await OneClickAsync(http, seed)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ConsentAsync(other)).ShouldBe("granted");
    }

    private static Task<HttpResponseMessage> OneClickAsync(HttpClient http, Seed seed) => http.PostAsync(
        seed.UnsubscribePage(), new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]));

    private async Task<string> ConsentAsync(Seed seed)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QuerySingleAsync<string>(
            "SELECT consent_status FROM recipients WHERE tenant_id = @TenantId AND recipient_id = @id", new { transaction.TenantId, id = seed.Recipients[0] });
    }

    private async Task<int> CountEventsAsync(Seed seed)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        return await transaction.QuerySingleAsync<int>("SELECT count(*)::int FROM events WHERE tenant_id = @TenantId AND type LIKE 'delivery.%'", new { transaction.TenantId });
    }
}
