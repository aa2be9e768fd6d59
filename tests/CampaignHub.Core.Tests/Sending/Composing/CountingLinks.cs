using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Links;
using CampaignHub.Core.Sending.Composing.Liquid;
using NodaTime;

namespace CampaignHub.Core.Tests.Sending.Composing;

/// <summary>Tracking URLs that show what they were asked for.</summary>
internal sealed class CountingLinks : ITrackingLinks
{
    public const string UnsubscribeUrl = "https://t.example/u/7?a=1&b=2";

    public List<(int Index, string Url)> Dynamic { get; } = [];

    public string Pixel() => "https://t.example/o/7.gif";

    public string Honeypot() => "https://t.example/c/honeypot";

    public string Click(int index) => $"https://t.example/c/{index}.";

    public string Click(int index, string url)
    {
        Dynamic.Add((index, url));
        return $"https://t.example/c/{index}.{Dynamic.Count}";
    }

    public string Unsubscribe() => UnsubscribeUrl;
}

internal static class Compose
{
    public static readonly Instant Date = Instant.FromUtc(2026, 11, 27, 10, 0);

    public static PreparedContent Prepare(string html, string? text = null, string subject = "Hello", PreparingOptions? options = null)
    {
        PreparedContent.TryPrepare(new(subject, html, text), options ?? new(), out var prepared, out var problems)
            .ShouldBeTrue(string.Join("; ", problems));
        return prepared!;
    }

    public static RenderedContent Render(
        PreparedContent prepared, TemplateRecipient? recipient = null, CountingLinks? links = null)
    {
        prepared.TryRender(new(recipient ?? Anna, "Black Friday", links ?? new(), Date), out var rendered, out var failure)
            .ShouldBeTrue(failure?.ToString());
        return rendered!;
    }

    public static RenderedContent Render(string html, string? attributes = null, string? text = null) =>
        Render(Prepare(html, text), Anna with { AttributesJson = attributes });

    public static TemplateRecipient Anna => new("anna@shop.example") { FirstName = "Anna", LastName = "O'Neil <b>", Country = "DE" };

    public static readonly PreparingOptions Untouched = new() { TrackClicks = false, TrackOpens = false };

    public static LiquidInput Input(params (string Name, string Json)[] values) => new()
    {
        Now = Date,
        Values = values.ToDictionary(value => value.Name, value =>
        {
            using var json = System.Text.Json.JsonDocument.Parse(value.Json);
            return LiquidValues.From(json.RootElement);
        }),
    };
}
