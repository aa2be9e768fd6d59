using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Server.Tests.Forms;

public sealed class FormTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Who_fills_it_in_and_confirms_becomes_a_recipient_whose_consent_says_what_they_agreed_to()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        visitor.Language = "de-AT, en;q=0.5";
        (await visitor.FillInAsync("ann@reader.example", ("first_name", "Änn"))).ShouldContain("<h1>Sehen Sie in Ihr Postfach</h1>");

        var mail = (await visitor.MailsAsync("ann@reader.example")).ShouldHaveSingleItem();
        using (var message = mail.Parse())
        {
            message.Subject.ShouldBe("Bitte bestätigen Sie Ihre Anmeldung bei Lark <Loom>");
            message.Headers["Auto-Submitted"].ShouldBe("auto-generated");
            message.Headers.Contains("List-Unsubscribe").ShouldBeFalse();
            message.TextBody!.ShouldContain("Yes, write to me & mine.");
            message.HtmlBody!.ShouldSatisfyAllConditions(html => html.ShouldContain("Yes, write to me &amp; mine."), html => html.ShouldContain("<html lang=\"de\""));
        }
        var link = Visitor.LinkIn(mail);
        using (var page = await visitor.GetAsync(link))
            (await page.Content.ReadAsStringAsync()).ShouldContain("<form method=\"post\">");
        (await visitor.RecipientAsync("ann@reader.example")).ShouldBeNull(); // looking at it confirms nothing

        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var done = await visitor.PostAsync(link);
            (await done.Content.ReadAsStringAsync()).ShouldContain("<h1>Sie sind angemeldet</h1>");
        }
        var ann = (await visitor.RecipientAsync("ann@reader.example")).ShouldNotBeNull();
        (ann["first_name"]!.GetValue<string>(), ann["locale"]!.GetValue<string>(), ann["consent"]!["status"]!.GetValue<string>()).ShouldBe(("Änn", "de", "granted"));
        ann["lists"]!.AsArray().Single()!.GetValue<Guid>().ShouldBe(scenario.ListId);
        var entry = (await scenario.Http.GetJsonAsync($"/v1/recipients/{ann["id"]}/consent"))["data"]!.AsArray().ShouldHaveSingleItem()!;
        entry["wording"]!.GetValue<string>().ShouldBe("Yes, write to me & mine.");
        entry["source"]!.GetValue<string>().ShouldStartWith("form:");
        entry["evidence"]!.GetValue<string>().ShouldStartWith("confirmation:");
        var form = await scenario.Http.GetJsonAsync($"/v1/forms/{visitor.FormPath.Split('/')[^1]}");
        (form["asked"]!.GetValue<int>(), form["confirmed"]!.GetValue<int>()).ShouldBe((1, 1));
    }

    [Fact]
    public async Task The_page_needs_no_script_may_be_framed_and_shows_what_its_owner_wrote_as_text()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario, new { title = "<b>Letter</b>", wording = "<script>alert(1)</script>" });
        visitor.Language = "ar";
        using var answer = await visitor.GetAsync(visitor.FormPath);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldSatisfyAllConditions(
            () => page.ShouldContain("dir=\"rtl\""), () => page.ShouldNotContain("<script"), () => page.ShouldContain("&lt;b&gt;Letter"), () => page.ShouldContain("name=\"first_name\""));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldSatisfyAllConditions(() => policy.ShouldStartWith("default-src 'none'"), () => policy.ShouldEndWith("frame-ancestors *"));
        (await scenario.Http.GetJsonAsync($"/v1/forms/{visitor.FormPath.Split('/')[^1]}"))["embed_html"]!.GetValue<string>().ShouldContain("title=\"&lt;b&gt;Letter&lt;/b&gt;\"");
    }

    [Fact]
    public async Task What_is_wrong_is_said_beside_its_field_and_what_was_written_stays()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        using var answer = await visitor.PostAsync(visitor.FormPath, ("email", "no \"address\""), ("first_name", "Ann"), ("stamp", await visitor.StampAsync()));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var page = await answer.Content.ReadAsStringAsync();
        page.ShouldSatisfyAllConditions(
            () => page.ShouldContain("This is not an e-mail address."), () => page.ShouldContain("value=\"no &quot;address&quot;\""), () => page.ShouldContain("value=\"Ann\""));
    }

    [Theory]
    [InlineData(0, "a person takes longer")]
    [InlineData(90_000, "the page was left open since yesterday")]
    public async Task Sent_too_soon_or_too_late_it_is_shown_again_and_nobody_is_mailed(int seconds, string why)
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        var stamp = await visitor.StampAsync();
        if (seconds > 0)
            visitor.Wait(Duration.FromSeconds(seconds));
        using var answer = await visitor.PostAsync(visitor.FormPath, ("email", "ann@reader.example"), ("stamp", stamp));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, why);
        using var without = await visitor.PostAsync(visitor.FormPath, ("email", "ann@reader.example"), ("stamp", "AAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        without.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await AskedAsync(scenario, visitor)).ShouldBe(0);
    }

    [Fact]
    public async Task A_program_that_fills_in_what_nobody_sees_is_told_the_same_and_nothing_comes_of_it()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        (await visitor.FillInAsync("ann@reader.example", ("website", "https://spam.example"))).ShouldContain("Check your mail");
        (await AskedAsync(scenario, visitor)).ShouldBe(0);
    }

    [Fact]
    public async Task However_many_ask_at_once_through_however_many_forms_a_stranger_is_mailed_once_and_three_times_in_a_day()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await using var other = await Scenario.StartAsync(_service);
        Visitor[] forms = [await Visitor.NewAsync(_service, scenario), await Visitor.NewAsync(_service, other)];
        var stamps = await Task.WhenAll(forms.Select(form => form.StampAsync()));
        forms[0].Wait(Duration.FromSeconds(10));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(async n =>
        {
            using var answer = await forms[n % 2].AnotherOfThisForm().PostAsync(forms[n % 2].FormPath, ("email", "victim@reader.example"), ("stamp", stamps[n % 2]));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }));
        answers.Distinct().ShouldHaveSingleItem().Item1.ShouldBe(HttpStatusCode.OK);
        await SoMany(1);

        for (var mails = 2; mails <= 4; mails++)
        {
            forms[0].Wait(Duration.FromMinutes(16));
            await forms[mails % 2].AnotherOfThisForm().FillInAsync("victim@reader.example");
            await SoMany(Math.Min(mails, 3));
        }

        async Task SoMany(int asked) =>
            (await AskedAsync(scenario, forms[0]) + await AskedAsync(other, forms[1])).ShouldBe(asked);
    }

    [Fact]
    public async Task A_network_can_have_twenty_mails_sent_in_an_hour()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        var stamp = await visitor.StampAsync();
        visitor.Wait(Duration.FromSeconds(10));
        for (var n = 0; n < 25; n++)
            using (var answer = await visitor.PostAsync(visitor.FormPath, ("email", $"n{n}@reader.example"), ("stamp", stamp)))
                answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AskedAsync(scenario, visitor)).ShouldBe(20);
        visitor.Wait(Duration.FromHours(1));
        await visitor.FillInAsync("later@reader.example");
        (await AskedAsync(scenario, visitor)).ShouldBe(21);
    }

    [Fact]
    public async Task Who_is_suppressed_or_has_it_already_gets_no_mail_and_the_answer_tells_nobody()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        await scenario.AddAsync("known@reader.example");
        await scenario.Http.PostAsync("/v1/suppressions", new { pattern = "gone@reader.example" }, HttpStatusCode.Created);
        string[] pages = [await visitor.FillInAsync("known@reader.example"), await visitor.FillInAsync("gone@reader.example"), await visitor.FillInAsync("new@reader.example")];
        pages.Distinct().ShouldHaveSingleItem();
        (await AskedAsync(scenario, visitor)).ShouldBe(1);
    }

    [Fact]
    public async Task Who_had_left_comes_back_by_their_own_confirmed_yes_even_where_nobody_knows_when_they_left()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        var left = await scenario.AddAsync("left@reader.example");
        await _service.SqlAsync($"UPDATE campaignhub.recipients SET consent_status = 'withdrawn', consent_source = 'old list', consent_at = NULL WHERE recipient_id = '{left}'");
        await scenario.Http.DeleteAsync($"/v1/lists/{scenario.ListId}/recipients/{left}?by_recipient=true").ExpectAsync(HttpStatusCode.NoContent);
        await visitor.FillInAsync("left@reader.example");
        using var done = await visitor.PostAsync(Visitor.LinkIn((await visitor.MailsAsync("left@reader.example"))[0]));
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
        var back = (await visitor.RecipientAsync("left@reader.example"))!;
        back["consent"]!["status"]!.GetValue<string>().ShouldBe("granted");
        (back["lists"]!.AsArray().Single()!.GetValue<Guid>(), back["lists_left"]!.AsArray().Count).ShouldBe((scenario.ListId, 0));
        var history = (await scenario.Http.GetJsonAsync($"/v1/recipients/{left}/consent"))["data"]!.AsArray();
        history[0]!["wording"]!.GetValue<string>().ShouldBe("Yes, write to me & mine.");
        history[1]!["status"]!.GetValue<string>().ShouldBe("withdrawn");
    }

    [Fact]
    public async Task Who_does_not_confirm_is_reminded_once_and_then_the_link_expires()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        await visitor.FillInAsync("slow@reader.example");
        var first = (await visitor.MailsAsync("slow@reader.example"))[0];
        visitor.Wait(Duration.FromHours(49));
        var reminder = (await visitor.MailsAsync("slow@reader.example", 2))[1];
        using (var message = reminder.Parse())
            message.Subject.ShouldStartWith("Reminder: ");
        (Visitor.LinkIn(reminder), reminder.MessageId == first.MessageId).ShouldBe((Visitor.LinkIn(first), false));

        visitor.Wait(Duration.FromDays(7));
        using var late = await visitor.PostAsync(Visitor.LinkIn(first));
        late.StatusCode.ShouldBe(HttpStatusCode.Gone);
        (await late.Content.ReadAsStringAsync()).ShouldContain($"href=\"{visitor.FormPath}\"");
        (await visitor.RecipientAsync("slow@reader.example")).ShouldBeNull();
        scenario.Sink.Messages.Count(mail => mail.Recipients[0] == "slow@reader.example").ShouldBe(2);
    }

    [Fact]
    public async Task While_the_relay_puts_it_off_the_mail_waits_and_goes_later()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        scenario.Sink.Behaviour.OnRecipient = _ => SinkReply.Of(451, "4.7.1 later");
        await visitor.FillInAsync("grey@reader.example");
        await Eventually.Async(() => _service.HasRowAsync("SELECT FROM campaignhub.form_confirmations WHERE email = 'grey@reader.example' AND last_reply LIKE '451%' AND leased_until IS NULL"), "it was put off");
        scenario.Sink.Behaviour.OnRecipient = null;
        visitor.Wait(Duration.FromMinutes(6));
        await visitor.MailsAsync("grey@reader.example");
    }

    [Fact]
    public async Task Whoever_is_erased_leaves_nothing_of_what_they_asked_for()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        await visitor.FillInAsync("erase@reader.example");
        using (await visitor.PostAsync(Visitor.LinkIn((await visitor.MailsAsync("erase@reader.example"))[0])))
        {
        }
        var id = (await visitor.RecipientAsync("erase@reader.example"))!["id"];
        (await scenario.Http.DeleteAsync($"/v1/recipients/{id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _service.HasRowAsync("SELECT FROM campaignhub.form_confirmations WHERE email = 'erase@reader.example'")).ShouldBeFalse();
    }

    [Fact]
    public async Task Hostile_bodies_and_addresses_are_refused_and_change_nothing()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario);
        using var json = await _service.Anonymous.PostAsync(visitor.FormPath, new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        json.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        using var huge = await visitor.PostAsync(visitor.FormPath, ("email", new string('a', 20_000)));
        huge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        foreach (var path in (string[])["/s/x", $"/s/{Guid.CreateVersion7()}", "/s/confirm/x", $"/s/confirm/{new string('A', 59)}"])
        {
            using var get = await visitor.GetAsync(path);
            using var post = await visitor.PostAsync(path);
            (get.StatusCode, post.StatusCode).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound), path);
        }
        await scenario.Http.PatchAsync(visitor.FormPath.Replace("/s/", "/v1/forms/", StringComparison.Ordinal), new { enabled = false }, HttpStatusCode.OK);
        using var disabled = await visitor.GetAsync(visitor.FormPath);
        disabled.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("there@reader.example", "https://shop.example/thanks", "https://shop.example/thanks")]
    [InlineData("dort@reader.example", "https://shop.example/danke-sch\u00f6n?x=1\r\nX-Y: z", "https://shop.example/danke-sch%C3%B6n?x=1%0D%0AX-Y:%20z")]
    public async Task Afterwards_a_browser_goes_where_the_form_sends_it(string reader, string redirect, string location)
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var visitor = await Visitor.NewAsync(_service, scenario, new { redirect_url = redirect, remind_after_hours = (int?)null });
        await visitor.FillInAsync(reader);
        using var done = await visitor.PostAsync(Visitor.LinkIn((await visitor.MailsAsync(reader))[0]));
        (done.StatusCode, done.Headers.Location!.OriginalString).ShouldBe((HttpStatusCode.SeeOther, location));
    }

    [Theory]
    [InlineData("""{ "name": "" }""", "name")]
    [InlineData("""{ "wording": "" }""", "wording")]
    [InlineData("""{ "list_ids": [] }""", "list_ids")]
    [InlineData("""{ "list_ids": ["01a22115-0000-7000-8000-000000000001"] }""", "list_ids[0]")]
    [InlineData("""{ "fields": ["shoe_size"] }""", "fields[0]")]
    [InlineData("""{ "fields": [null] }""", "fields[0]")]
    [InlineData("""{ "from": { "email": "nobody" } }""", "from.email")]
    [InlineData("""{ "from": null }""", "from")]
    [InlineData("""{ "confirm_within_hours": 0 }""", "confirm_within_hours")]
    [InlineData("""{ "confirm_within_hours": 48 }""", "remind_after_hours")]
    [InlineData("""{ "redirect_url": "http://shop.example/" }""", "redirect_url")]
    public async Task A_form_that_makes_no_sense_is_refused_by_the_fields_name(string change, string field)
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var form = await Visitor.MakeFormAsync(scenario);
        var problem = await scenario.Http.PatchAsync($"/v1/forms/{form["id"]}", JsonNode.Parse(change)!, HttpStatusCode.UnprocessableEntity);
        problem["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
    }

    [Fact]
    public async Task A_list_that_a_form_names_is_not_removed()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await Visitor.MakeFormAsync(scenario);
        (await scenario.Http.DeleteAsync($"/v1/lists/{scenario.ListId}").ExpectAsync(HttpStatusCode.Conflict))["detail"]!.GetValue<string>().ShouldContain("Footer");
    }

    private static async Task<int> AskedAsync(Scenario scenario, Visitor visitor) =>
        (await scenario.Http.GetJsonAsync(visitor.FormPath.Replace("/s/", "/v1/forms/", StringComparison.Ordinal)))["asked"]!.GetValue<int>();
}
