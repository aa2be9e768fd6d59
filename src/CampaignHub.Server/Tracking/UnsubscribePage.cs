using System.Globalization;
using System.Net;
using System.Resources;
using System.Security.Cryptography;
using System.Text;

namespace CampaignHub.Server.Tracking;

/// <summary>The public unsubscribe page: HTML without scripts or anything fetched. Its words stand in <c>UnsubscribeTexts.resx</c>.</summary>
internal sealed class UnsubscribePage
{
    private static readonly ResourceManager Texts = new("CampaignHub.Server.Tracking.UnsubscribeTexts", typeof(UnsubscribePage).Assembly);
    private static readonly string StylePolicy = "'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style))) + "'";
    private readonly byte[] html;

    private UnsubscribePage(string heading, string text, string form) => html = Encoding.UTF8.GetBytes($"""
        <!DOCTYPE html>
        <html lang="{Text("language")}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <meta name="color-scheme" content="light dark">
        <title>{heading}</title>
        <style>{Style}</style>
        </head>
        <body>
        <main>
        <h1>{heading}</h1>
        <p>{text}</p>
        {form}</main>
        </body>
        </html>

        """);

    public static UnsubscribePage Ask(string tenantName) => new(
        Text("ask_heading"), Text("ask_text", tenantName), $"<form method=\"post\"><button type=\"submit\">{Text("ask_button")}</button></form>\n");

    public static UnsubscribePage Done(string tenantName) => new(Text("done_heading"), Text("done_text", tenantName), "");

    public Task SendAsync(HttpContext context, CancellationToken ct)
    {
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src {StylePolicy}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        return SendAsync(context, "text/html; charset=utf-8", html, ct);
    }

    /// <summary>The answer for programs.</summary>
    public static Task SendTextAsync(HttpContext context, CancellationToken ct) =>
        SendAsync(context, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(Text("done_heading") + "\n"), ct);

    private static async Task SendAsync(HttpContext context, string mediaType, byte[] body, CancellationToken ct)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store, private";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = mediaType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, ct);
    }

    private static string Text(string name, params object[] values) =>
        WebUtility.HtmlEncode(string.Format(CultureInfo.InvariantCulture, Texts.GetString(name, CultureInfo.InvariantCulture)!, values));

    private const string Style = """
        :root{color-scheme:light dark;--paper:#fff;--ground:#f4f4f2;--ink:#1c1c1a;--button:#1f5fbf}
        @media (prefers-color-scheme:dark){:root{--paper:#242423;--ground:#171716;--ink:#ececea;--button:#2f6fd0}}
        body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
        main{box-sizing:border-box;width:min(30rem,100% - 2rem);padding:2rem;border-radius:.75rem;background:var(--paper);overflow-wrap:anywhere}
        h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}
        p{margin:0}
        button{margin-top:1.5rem;padding:.75rem 1.5rem;border:0;border-radius:.5rem;background:var(--button);color:#fff;font:inherit;font-weight:600;cursor:pointer}
        button:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
        """;
}
