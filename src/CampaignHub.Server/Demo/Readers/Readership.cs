using System.Globalization;

namespace CampaignHub.Server.Demo.Readers;

/// <summary>Everybody who gets mail, with what stands before them: mail is scanned, prefetched, read, clicked and unsubscribed from.</summary>
internal sealed class Readership(HttpClient http)
{
    private const int AtOnce = 8;

    private int _readers;

    public Diary Diary { get; } = new();

    /// <summary>Mail has arrived: what gateways and Apple do at once.</summary>
    public Task ReceiveAsync(IEnumerable<DeliveredMail> mails, CancellationToken ct) =>
        Parallel.ForEachAsync(mails, Options(ct), async (mail, token) =>
        {
            var reader = Reader.Of(mail.Address);
            if (reader.Program == MailProgram.ApplePrivacy)
                await LoadPixelAsync(mail, Programs.ApplePrivacyProxy, NetworkOfNext(), Deed.PrefetchedByApple, token);
            if (reader.Gateway is { } gateway)
                await ScanAsync(mail, gateway, token);
        });

    /// <summary>What people do, later.</summary>
    public Task ReadAsync(IEnumerable<DeliveredMail> mails, CancellationToken ct) =>
        Parallel.ForEachAsync(mails, Options(ct), async (mail, token) => await ReadAsync(mail, Reader.Of(mail.Address), token));

    private async Task ScanAsync(DeliveredMail mail, Gateway gateway, CancellationToken ct)
    {
        var visit = new TrackingVisit(http, gateway.UserAgent, gateway.Network);
        await Task.WhenAll(mail.Links.Select(async link => Diary.NoteClick(mail.Address, Deed.LinksScanned, await visit.FollowAsync(link, ct))));
        if (gateway.FetchesImages)
            await LoadPixelAsync(mail, gateway.UserAgent, gateway.Network, Deed.ImageScanned, ct);
        // Nobody is unsubscribed by a scanner's GET.
        await visit.LookAtAsync(mail.Unsubscribe, ct);
    }

    private async Task ReadAsync(DeliveredMail mail, Reader reader, CancellationToken ct)
    {
        if (!reader.Reads)
            return;
        var network = NetworkOfNext();
        // Apple's proxy has the images already.
        if (reader.Program != MailProgram.ApplePrivacy)
        {
            for (var time = 0; time < (reader.ComesBack ? 2 : 1); time++)
                await LoadPixelAsync(mail, Programs.OfImages(reader.Program), network, Deed.Opened, ct);
        }
        var browser = new TrackingVisit(http, Programs.OfBrowser(reader.Program), network);
        if (reader.Clicks)
            Diary.NoteClick(mail.Address, Deed.Clicked, await browser.FollowAsync(mail.Links[reader.Choice % mail.Links.Count], ct));
        if (reader.Unsubscribes)
            await UnsubscribeAsync(mail, browser, ct);
    }

    private async Task LoadPixelAsync(DeliveredMail mail, string userAgent, string network, Deed deed, CancellationToken ct)
    {
        await new TrackingVisit(http, userAgent, network).LoadAsync(mail.Pixel, ct);
        Diary.NoteOpen(mail.Address, deed);
    }

    private async Task UnsubscribeAsync(DeliveredMail mail, TrackingVisit visit, CancellationToken ct)
    {
        await visit.UnsubscribeAsync(mail.Unsubscribe, ct);
        Diary.NoteUnsubscribe(mail.Address);
    }

    /// <summary>A network of one's own, of those set aside for documentation (RFC 3849).</summary>
    private string NetworkOfNext() => string.Create(CultureInfo.InvariantCulture, $"2001:db8:{Interlocked.Increment(ref _readers):x}::1");

    private static ParallelOptions Options(CancellationToken ct) => new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
}
