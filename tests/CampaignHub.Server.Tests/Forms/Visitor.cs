using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Time;
using NodaTime;

namespace CampaignHub.Server.Tests.Forms;

/// <summary>Somebody with a browser in a network of their own, who reads the pages and mails of a tenant's form.</summary>
internal sealed partial class Visitor(TestService service, Scenario scenario, JsonObject form)
{
    private static int s_networks;

    private readonly string _network = $"2001:db8:0:{Interlocked.Increment(ref s_networks):x}::1";

    public string Language { get; set; } = "en";

    public string FormPath => $"/s/{form["id"]}";

    /// <summary>A tenant's new form, and a visitor of it.</summary>
    public static async Task<Visitor> NewAsync(TestService service, Scenario scenario, object? more = null) => new(service, scenario, await MakeFormAsync(scenario, more));

    public static async Task<JsonObject> MakeFormAsync(Scenario scenario, object? more = null)
    {
        var form = await scenario.Http.PostAsync("/v1/forms", new
        {
            name = "Footer",
            title = "Our letter",
            wording = "Yes, write to me & mine.",
            list_ids = (Guid[])[scenario.ListId],
            fields = (string[])["first_name"],
            from = new { name = "Lark <Loom>", email = "news@shop.example" },
        }, HttpStatusCode.Created);
        return more is null ? form : await scenario.Http.PatchAsync($"/v1/forms/{form["id"]}", more, HttpStatusCode.OK);
    }

    public Visitor AnotherOfThisForm() => new(service, scenario, form);

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> PostAsync(string path, params (string, string)[] fields) => SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
    });

    public async Task<string> StampAsync()
    {
        using var page = await GetAsync(FormPath);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        return StampPattern().Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;
    }

    /// <summary>Opens the page, takes their time, and sends it; answers the page that follows.</summary>
    public async Task<string> FillInAsync(string email, params (string, string)[] more)
    {
        var stamp = await StampAsync();
        Wait(Duration.FromSeconds(10));
        using var answer = await PostAsync(FormPath, [("email", email), ("stamp", stamp), .. more]);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync();
    }

    public void Wait(Duration time)
    {
        var clock = service.Get<BusinessClock>();
        clock.StepTo(clock.GetCurrentInstant() + time);
    }

    /// <summary>The mails to an address, once there are so many.</summary>
    public async Task<IReadOnlyList<SinkMessage>> MailsAsync(string email, int count = 1) => await Eventually.Async(
        () => Task.FromResult<IReadOnlyList<SinkMessage>>([.. scenario.Sink.Messages.Where(mail => mail.Recipients[0] == email)]), mails => mails.Count >= count, $"{count} mails to {email}");

    /// <summary>The path of the link in a mail, from its text part.</summary>
    public static string LinkIn(SinkMessage mail)
    {
        using var message = mail.Parse();
        message.HtmlBody!.ShouldContain(LinkPattern().Match(message.TextBody!).Value);
        return new Uri(LinkPattern().Match(message.TextBody!).Value).AbsolutePath;
    }

    public async Task<JsonObject?> RecipientAsync(string email) =>
        (await scenario.Http.GetJsonAsync($"/v1/recipients?email={Uri.EscapeDataString(email)}"))["data"]!.AsArray().SingleOrDefault()?.AsObject();

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Add("X-Forwarded-For", _network);
        request.Headers.Add("Accept-Language", Language);
        return service.Anonymous.SendAsync(request);
    }

    [GeneratedRegex("name=\"stamp\" value=\"([^\"]+)\"")]
    private static partial Regex StampPattern();

    [GeneratedRegex(@"http://\S+/s/confirm/\S+")]
    private static partial Regex LinkPattern();
}
