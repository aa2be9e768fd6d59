using System.Net;
using System.Text.Json;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Liquid;

namespace CampaignHub.Core.Tests.Sending.Composing;

/// <summary>87 real marketing mails.</summary>
public sealed class HtmlCorpusTests
{
    private const string Folder = "02-html";

    private static IEnumerable<(string Name, string Html, JsonElement Truth)> Mails()
    {
        using var truth = JsonDocument.Parse(File.ReadAllText(Path.Combine(Corpora.Find(Folder)!, "links.json")));
        foreach (var mail in truth.RootElement.Clone().EnumerateObject())
            yield return (mail.Name, File.ReadAllText(Path.Combine(Corpora.Find(Folder)!, mail.Name)), mail.Value);
    }

    [CorpusFact(Folder)]
    public void All_web_links_are_found_decoded_and_in_order()
    {
        foreach (var (name, html, truth) in Mails())
            Compose.Prepare(Parseable(html)).Links.Select(link => link.Url).ShouldBe(WebLinks(truth), name);
    }

    [CorpusFact(Folder)]
    public void No_byte_outside_the_hrefs_is_changed()
    {
        foreach (var (name, html, truth) in Mails().Where(mail => !mail.Html.Contains("{{", StringComparison.Ordinal)))
        {
            var rendered = Compose.Render(Compose.Prepare(html, options: new() { TrackOpens = false })).Html;
            var restored = WithoutUnsubscribeLine(rendered);
            var raw = RawWebLinks(html).ToList();
            raw.Count.ShouldBe(WebLinks(truth).Count, name);
            for (var i = raw.Count - 1; i >= 0; i--)
                restored = restored.Replace($"https://t.example/c/{i}.", raw[i], StringComparison.Ordinal);
            restored.ShouldBe(html, name);
        }
    }

    [CorpusFact(Folder)]
    public void Untracked_mail_without_unsubscribe_line_is_the_source()
    {
        foreach (var (name, html, _) in Mails().Where(mail => !mail.Html.Contains("{{", StringComparison.Ordinal)))
            WithoutUnsubscribeLine(Compose.Render(Compose.Prepare(html, options: Compose.Untouched)).Html).ShouldBe(html, name);
    }

    [CorpusFact(Folder)]
    public void Composed_mail_parses_back_to_what_was_rendered()
    {
        foreach (var (name, html, _) in Mails())
        {
            var rendered = Compose.Render(Compose.Prepare(Parseable(html), subject: name));
            var message = Messages.Reparse(Messages.Bytes(rendered), out var lines);
            lines.Max(line => line.Length).ShouldBeLessThanOrEqualTo(998, name);
            message.Subject.ShouldBe(name);
            Messages.Decoded(message, 0).ShouldBe(Messages.Canonical(rendered.Text), name);
            Messages.Decoded(message, 1).ShouldBe(Messages.Canonical(rendered.Html), name);
        }
    }

    [CorpusFact(Folder)]
    public void Text_parts_hold_words_and_no_markup()
    {
        foreach (var (name, html, _) in Mails())
        {
            var text = Compose.Render(Compose.Prepare(Parseable(html))).Text;
            text.Length.ShouldBeGreaterThan(20, name);
            text.ShouldNotContain("<td", Case.Insensitive, name);
            text.ShouldNotContain("mso-", Case.Sensitive, name);
            text.ShouldNotContain("\n\n\n", Case.Sensitive, name);
        }
    }

    // Some mails hold another system's placeholders, which are no Liquid: their braces become brackets.
    private static string Parseable(string html) => LiquidTemplate.TryParse(html, out _, out _) ? html
        : html.Replace("{{", "[[", StringComparison.Ordinal).Replace("{%", "[%", StringComparison.Ordinal);

    private static List<string> WebLinks(JsonElement truth) => [.. truth.GetProperty("anchors").EnumerateArray()
        .Select(href => href.GetString()!.Trim())
        .Where(href => href.StartsWith("http", StringComparison.OrdinalIgnoreCase))];

    // A second, cruder reading of the same source: comments are cut out, then hrefs of a and area are matched.
    private static IEnumerable<string> RawWebLinks(string html) =>
        System.Text.RegularExpressions.Regex.Matches(
            System.Text.RegularExpressions.Regex.Replace(html, "<!--.*?-->", "", System.Text.RegularExpressions.RegexOptions.Singleline),
            "<(?:a|area)\\s[^>]*?href=(?:\"([^\"]*)\"|'([^']*)')", System.Text.RegularExpressions.RegexOptions.IgnoreCase)
        .Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
        .Where(href => WebUtility.HtmlDecode(href).Trim().StartsWith("http", StringComparison.OrdinalIgnoreCase));

    private static string WithoutUnsubscribeLine(string html)
    {
        var start = html.LastIndexOf("<p style=\"margin:16px 0;text-align:center", StringComparison.Ordinal);
        var end = html.IndexOf("</p>", start, StringComparison.Ordinal) + 4;
        return html.Remove(start, end - start);
    }
}
