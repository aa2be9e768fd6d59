using System.Globalization;
using System.Text.Encodings.Web;
using CampaignHub.Core.Sending.Composing.Liquid;
using Fluid;
using Fluid.Ast;

namespace CampaignHub.Core.Sending.Composing.Links;

/// <summary>
/// The Liquid tags that stand in a prepared template where the author's hrefs stood, so that one rendering
/// fills everything and links inside loops and conditions work. Authors can't use them: their own source is
/// read by a parser that doesn't know the names.
/// </summary>
internal static class MessageTags
{
    private const string ClickTag = "campaignhub_click";
    private const string UrlBlock = "campaignhub_url";
    private const string PixelTag = "campaignhub_pixel";
    private const string HoneypotTag = "campaignhub_honeypot";

    public static string Click(int index) => string.Create(CultureInfo.InvariantCulture, $"{{% {ClickTag} {index} %}}");

    public static string Click(int index, string url) =>
        string.Create(CultureInfo.InvariantCulture, $"{{% {UrlBlock} {index} %}}{url}{{% end{UrlBlock} %}}");

    public static string Pixel => $"{{% {PixelTag} %}}";

    public static string Honeypot => $"{{% {HoneypotTag} %}}";

    public static FluidParser Register(FluidParser parser)
    {
        parser.RegisterExpressionTag(ClickTag, WriteClick);
        parser.RegisterExpressionBlock(UrlBlock, WriteUrl);
        parser.RegisterEmptyTag(PixelTag, static (writer, encoder, context) =>
            WriteAttribute(MessageLinks.Of(context).Pixel(), writer));
        parser.RegisterEmptyTag(HoneypotTag, static (writer, encoder, context) =>
            WriteAttribute(MessageLinks.Of(context).Honeypot(), writer));
        return parser;
    }

    private static async ValueTask<Completion> WriteClick(
        Expression index, TextWriter writer, TextEncoder encoder, TemplateContext context) =>
        await WriteAttribute(MessageLinks.Of(context).Click(await Index(index, context)), writer);

    // A URL is no HTML: its Liquid is rendered bare, and the whole is escaped for the attribute once.
    private static async ValueTask<Completion> WriteUrl(
        Expression index, IReadOnlyList<Statement> statements, TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        using var url = new PooledBuffer<char>();
        var completion = await statements.RenderStatementsAsync(new BoundedWriter(LiquidBudget.Of(context), url), NullEncoder.Default, context);
        await WriteAttribute(MessageLinks.Of(context).Click(await Index(index, context), url.ToString()), writer);
        return completion;
    }

    private static async ValueTask<int> Index(Expression index, TemplateContext context) =>
        (int)(await index.EvaluateAsync(context)).ToNumberValue();

    // The author's quotes may be of either kind, or absent: all that could end an attribute is escaped.
    private static ValueTask<Completion> WriteAttribute(string url, TextWriter writer)
    {
        writer.Write(LiquidEncoders.Html.Encode(url).Replace(" ", "%20", StringComparison.Ordinal));
        return Statement.Normal();
    }
}
