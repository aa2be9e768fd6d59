using System.Diagnostics.CodeAnalysis;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Liquid;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Sending.Composing.Text;
using Fluid.Values;

namespace CampaignHub.Core.Sending.Composing;

/// <summary>A campaign's content, parsed and rewritten once. Rendering is pure and safe from many threads.</summary>
public sealed class PreparedContent
{
    private readonly LiquidTemplate _subject;
    private readonly LiquidTemplate _html;
    private readonly PreparedText _text;

    private PreparedContent(LiquidTemplate subject, LiquidTemplate html, PreparedText text, HtmlPreparation preparation)
    {
        _subject = subject;
        _html = html;
        _text = text;
        Links = preparation.Links;
        Warnings = preparation.Warnings;
    }

    /// <summary>Every http(s) link of the HTML whose host is fixed, by index.</summary>
    public IReadOnlyList<CampaignLink> Links { get; }

    /// <summary>Links that can't be tracked, with their line.</summary>
    public IReadOnlyList<ContentProblem> Warnings { get; }

    /// <summary>Checks <see cref="ContentRules"/>, parses the Liquid and rewrites the HTML; or says all that is wrong.</summary>
    public static bool TryPrepare(
        CampaignContent content, PreparingOptions options,
        [NotNullWhen(true)] out PreparedContent? prepared, out IReadOnlyList<ContentProblem> problems)
    {
        prepared = null;
        var found = ContentRules.Check(content).ToList();
        problems = found;
        if (found.Count > 0)
            return false;
        var subject = Parse("subject", content.Subject, found);
        var html = Parse("html", content.Html, found);
        var text = content.Text is null ? null : Parse("text", content.Text, found);
        if (subject is null || html is null || found.Count > 0)
            return false;
        prepared = Prepare(content, options, subject, html, text);
        return true;
    }

    private static PreparedContent Prepare(
        CampaignContent content, PreparingOptions options, LiquidTemplate subject, LiquidTemplate html, LiquidTemplate? text)
    {
        var preparation = new HtmlPreparation(content.Html, html, options);
        if (!LiquidTemplate.TryParse(LiquidEngine.PreparedParser, preparation.Prepared, out var rewritten, out var problem))
            throw new InvalidOperationException($"A template that parsed no longer does once its links are rewritten: {problem}");
        return new(subject, rewritten, PreparedText.Of(content, options, html, text, preparation), preparation);
    }

    private static LiquidTemplate? Parse(string field, string source, List<ContentProblem> problems)
    {
        if (LiquidTemplate.TryParse(source, out var template, out var problem))
            return template;
        problems.Add(new(field, ContentProblem.InvalidLiquid, problem.Message, problem.Line, problem.Column));
        return null;
    }

    /// <summary>Fills one person's message; false where the author's Liquid fails for this person.</summary>
    public bool TryRender(
        MessageInput input, [NotNullWhen(true)] out RenderedContent? rendered, [NotNullWhen(false)] out LiquidFailure? failure)
    {
        using var parts = new RenderedParts();
        rendered = TryRender(input, parts, out failure)
            ? new(parts.Subject, parts.Html.ToString(), parts.Text.ToString(), parts.UnsubscribeUrl, parts.Links, Warnings)
            : null;
        return rendered is not null;
    }

    internal bool TryRender(MessageInput input, RenderedParts parts, [NotNullWhen(false)] out LiquidFailure? failure)
    {
        var links = new MessageLinks(Links, input.Links);
        var unsubscribe = input.Links.Unsubscribe();
        var liquid = Liquid(input, links, unsubscribe);
        if (!_subject.TryRender(liquid, LiquidEscaping.None, out var subject, out failure))
            return Fail("subject", ref failure);
        if (!_html.TryRender(liquid, LiquidEscaping.Html, parts.Html, out failure))
            return Fail("html", ref failure);
        if (!_text.TryRender(liquid, parts.Text, out failure))
            return Fail("text", ref failure);
        (parts.Subject, parts.UnsubscribeUrl, parts.Links) = (HeaderText.OneLine(subject), unsubscribe, links.Rendered);
        return true;
    }

    private static bool Fail(string field, ref LiquidFailure failure)
    {
        failure = failure with { Field = field };
        return false;
    }

    private static LiquidInput Liquid(MessageInput input, MessageLinks links, string unsubscribe) => new()
    {
        Values = new Dictionary<string, FluidValue>
        {
            ["recipient"] = input.Recipient.ToLiquid(),
            ["campaign"] = LiquidValues.Members(new(StringComparer.OrdinalIgnoreCase) { ["name"] = LiquidValues.Text(input.CampaignName) }),
            ["unsubscribe_url"] = LiquidValues.Text(unsubscribe),
        },
        Now = input.Date,
        Limits = input.Limits,
        Cancellation = input.Cancellation,
        Links = links,
    };
}
