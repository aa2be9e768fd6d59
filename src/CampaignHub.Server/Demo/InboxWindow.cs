using System.Net;
using System.Text;
using CampaignHub.Server.Demo.Inbox;
using NodaTime.Text;

namespace CampaignHub.Server.Demo;

/// <summary>
/// Shows the inbox over HTTP on this machine: <c>/inbox</c> lists the mails, <c>/inbox/{n}</c> shows one as its reader sees it, and
/// <c>/inbox/{n}/source</c> its source. A mail is a stranger's: it is shown in a frame that runs nothing and is of no origin.
/// </summary>
internal sealed class InboxWindow : IAsyncDisposable
{
    private const string Head = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="color-scheme" content="light dark">
        <style>
        body { font: 15px/1.5 system-ui, sans-serif; margin: 1.5rem auto; max-width: 60rem; padding: 0 1rem }
        table { border-collapse: collapse; width: 100% }
        th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8886; vertical-align: top }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
        dd { margin: 0; overflow-wrap: anywhere }
        iframe { width: 100%; height: 75vh; border: 1px solid #8886; background: #fff }
        </style>
        """;

    /// <summary>Of our own pages: nothing but their style, and a frame of this server.</summary>
    private const string PagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>Of a mail: images, as its reader's program loads them, and links that open beside it.</summary>
    private const string MailPolicy = "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; sandbox allow-popups allow-popups-to-escape-sandbox";

    private readonly WebApplication _app;

    private InboxWindow(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public static async Task<InboxWindow> OpenAsync(SmtpSink inbox, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{Stage.FreePort(8025)}");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Use(next => http =>
        {
            http.Response.Headers.XContentTypeOptions = "nosniff";
            return next(http);
        });
        app.MapGet("/inbox", () => Page(PagePolicy, List(inbox)));
        app.MapGet("/inbox/{number:int}", (int number) => Find(inbox, number) is { } mail ? Page(PagePolicy, Read(mail, number)) : Results.NotFound());
        app.MapGet("/inbox/{number:int}/mail", (int number) => Find(inbox, number) is { } mail ? Page(MailPolicy, Body(mail)) : Results.NotFound());
        app.MapGet("/inbox/{number:int}/source", (int number) => Find(inbox, number) is { } mail
            ? Results.Bytes(mail.ReadSource(), "text/plain; charset=utf-8")
            : Results.NotFound());
        await app.StartAsync(ct);
        return new InboxWindow(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static SinkMessage? Find(SmtpSink inbox, int number) => inbox.Messages.ElementAtOrDefault(number - 1);

    private static HtmlPage Page(string policy, string html) => new(policy, html);

    /// <summary>One mail a line, in order of receipt.</summary>
    private static string List(SmtpSink inbox)
    {
        var html = new StringBuilder(Head).Append("<title>Inbox</title>\n<h1>Inbox</h1>\n<table>\n<tr><th>Received<th>To<th>Mail\n");
        foreach (var (index, mail) in inbox.Messages.Index())
            html.Append(null, $"<tr><td>{InstantPattern.General.Format(mail.ReceivedAt)}<td>{Encoded(mail.Recipients[0])}<td><a href=\"/inbox/{index + 1}\">{index + 1}</a>\n");
        return html.Append("</table>\n").ToString();
    }

    private static string Read(SinkMessage received, int number)
    {
        using var message = received.Parse();
        var subject = Encoded(message.Subject ?? "(no subject)");
        return $"""
            {Head}
            <title>{subject}</title>
            <p><a href="/inbox">Inbox</a></p>
            <h1>{subject}</h1>
            <dl>
            <dt>From<dd>{Encoded(message.From.ToString())}
            <dt>To<dd>{Encoded(received.Recipients[0])}
            <dt>Received<dd>{InstantPattern.General.Format(received.ReceivedAt)}
            <dt>Return path<dd>{Encoded(received.From)}
            <dt>Source<dd><a href="/inbox/{number}/source">as it came</a>
            </dl>
            <iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/inbox/{number}/mail"></iframe>
            """;
    }

    /// <summary>Its HTML, whose links open beside the frame, or its text.</summary>
    private static string Body(SinkMessage received)
    {
        using var message = received.Parse();
        return message.HtmlBody is { } html ? $"<base target=\"_blank\">{html}" : $"<pre>{Encoded(message.TextBody ?? "")}</pre>";
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);

    private sealed class HtmlPage(string policy, string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            httpContext.Response.Headers.ContentSecurityPolicy = policy;
            return httpContext.Response.WriteAsync(html, httpContext.RequestAborted);
        }
    }
}
