using System.Net;
using System.Security.Cryptography;
using System.Text;
using CampaignHub.Core.Pages;

namespace CampaignHub.Server.Platform.Http;

/// <summary>A page for people, in their language: HTML without scripts or anything fetched, which nothing keeps.</summary>
/// <param name="Language">What it speaks.</param>
/// <param name="Heading">Its title, as text.</param>
/// <param name="Content">What stands below, as HTML; see <see cref="Text"/>.</param>
internal sealed record PublicPage(PageLanguage Language, string Heading, string Content)
{
    private static readonly string s_policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; base-uri 'none'; frame-ancestors ";

    /// <summary>Whether others may show it in a frame of their own page; else nobody may.</summary>
    public bool MayBeFramed { get; init; }

    /// <summary>The language that somebody's pages speak: that of their locale, where it is known, else their browser's.</summary>
    public static PageLanguage LanguageOf(HttpContext context, string? locale = null) => PageLanguage.For(locale, context.Request.Headers.AcceptLanguage);

    /// <summary>Text as HTML, where it can be no markup.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(text);

    public Task SendAsync(HttpContext context, CancellationToken ct, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.ContentSecurityPolicy = s_policy + (MayBeFramed ? "*" : "'none'");
        context.Response.Headers.ContentLanguage = Language.Tag;
        return SendAsync(context, "text/html; charset=utf-8", Html(), ct);
    }

    /// <summary>The answer for programs.</summary>
    public static Task SendTextAsync(HttpContext context, string text, CancellationToken ct) => SendAsync(context, "text/plain; charset=utf-8", text + "\n", ct);

    private static async Task SendAsync(HttpContext context, string mediaType, string text, CancellationToken ct)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store, private";
        headers.Vary = "Accept-Language";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, ct);
    }

    private string Html() => $"""
        <!DOCTYPE html>
        <html lang="{Language.Tag}" dir="{Language.Direction}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <meta name="color-scheme" content="light dark">
        <title>{Text(Heading)}</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        <h1>{Text(Heading)}</h1>
        {Content}
        </main>
        </body>
        </html>

        """;

    private const string Style = """
        :root{color-scheme:light dark;--paper:#fff;--ground:#f4f4f2;--ink:#1c1c1a;--line:#8a8a84;--button:#1f5fbf;--fault:#b3261e}
        @media (prefers-color-scheme:dark){:root{--paper:#242423;--ground:#171716;--ink:#ececea;--line:#8f8f89;--button:#2f6fd0;--fault:#ff8a80}}
        body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
        main{box-sizing:border-box;width:min(30rem,100% - 2rem);margin:1rem 0;padding:2rem;border-radius:.75rem;background:var(--paper);overflow-wrap:anywhere}
        h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}
        p{margin:0 0 .75rem}
        a{color:inherit}
        label,legend{display:block;margin-top:1rem;font-weight:600}
        label.choice{display:flex;gap:.6rem;align-items:baseline;margin-top:.4rem;font-weight:400}
        fieldset{margin:1rem 0 0;padding:0;border:0;min-width:0}
        legend{margin:0;padding:0}
        small{font-weight:400;opacity:.8}
        input:not([type=checkbox]):not([type=radio]),select{box-sizing:border-box;width:100%;margin-top:.25rem;padding:.6rem;border:1px solid var(--line);border-radius:.5rem;background:var(--paper);color:inherit;font:inherit}
        button{margin-top:1.5rem;padding:.75rem 1.5rem;border:0;border-radius:.5rem;background:var(--button);color:#fff;font:inherit;font-weight:600;cursor:pointer}
        :focus-visible{outline:3px solid var(--ink);outline-offset:3px}
        .fault{color:var(--fault);font-weight:600}
        .aside{margin:1.5rem 0 0}
        .aside button{margin:0;padding:0;background:none;color:inherit;font-weight:400;text-decoration:underline}
        .unseen{position:absolute;left:-100vw;width:1px;height:1px;overflow:hidden}
        """;
}
