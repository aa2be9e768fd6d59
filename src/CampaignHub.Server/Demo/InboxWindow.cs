using System.Text;
using CampaignHub.Server.Demo.Inbox;
using NodaTime.Text;

namespace CampaignHub.Server.Demo;

/// <summary>Shows the inbox over HTTP on this machine: <c>/inbox</c> lists the mails, <c>/inbox/{n}</c> is the source of one.</summary>
internal sealed class InboxWindow : IAsyncDisposable
{
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
        app.MapGet("/inbox", () => Results.Text(List(inbox), "text/plain", Encoding.UTF8));
        app.MapGet("/inbox/{number:int}", (int number) => inbox.Messages.ElementAtOrDefault(number - 1) is { } mail
            ? Results.Bytes(mail.ReadSource(), "text/plain; charset=utf-8")
            : Results.NotFound());
        await app.StartAsync(ct);
        return new InboxWindow(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Number, instant of receipt, recipient and Message-ID, one mail a line, in order of receipt.</summary>
    private static string List(SmtpSink inbox) => string.Concat(inbox.Messages.Select((mail, i) =>
        $"{i + 1}\t{InstantPattern.General.Format(mail.ReceivedAt)}\t{mail.Recipients[0]}\t{mail.MessageId}\n"));
}
