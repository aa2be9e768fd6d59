using CampaignHub.Core.Tracking;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using Microsoft.Extensions.Caching.Memory;

namespace CampaignHub.Server.Tracking;

/// <summary>Where click tokens lead: to the URL that they carry, or to their campaign's link. Links never change after launch, so they are kept in memory.</summary>
internal sealed class Destinations(Database database) : IDisposable
{
    /// <summary>Characters of URLs kept, over all campaigns: some 32 MB.</summary>
    private const long Capacity = 16_000_000;

    /// <summary>How long a click waits for its link: a database that is away may be silent.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly MemoryCache campaigns = new(new MemoryCacheOptions { SizeLimit = Capacity });

    /// <summary>The author's URL, or null where the campaign has no such link; of a honeypot that of the first link.</summary>
    /// <exception cref="ProblemException">It isn't in memory, and the database doesn't answer.</exception>
    public async ValueTask<string?> OfAsync(TrackingToken token, CancellationToken ct)
    {
        if (token.Url is not null)
            return token.Url;
        if (!campaigns.TryGetValue((token.TenantId, token.CampaignId), out IReadOnlyDictionary<int, string>? links))
            links = await FindAsync(token, ct);
        return token.Kind == TrackingTokenKind.Honeypot ? links!.OrderBy(link => link.Key).Select(link => link.Value).FirstOrDefault() : links!.GetValueOrDefault(token.LinkIndex);
    }

    public void Dispose() => campaigns.Dispose();

    private async Task<IReadOnlyDictionary<int, string>> FindAsync(TrackingToken token, CancellationToken ct)
    {
        try
        {
            return await LoadAsync(token).WaitAsync(Patience, ct);
        }
        catch (Exception fault) when (fault is TimeoutException || fault.IsPassing() || fault is OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new ProblemException(Problems.Unavailable());
        }
    }

    private async Task<IReadOnlyDictionary<int, string>> LoadAsync(TrackingToken token)
    {
        using var limit = new CancellationTokenSource(Patience);
        await using var transaction = await database.BeginAsync(token.TenantId, limit.Token);
        var links = (await transaction.QueryAsync<(int Index, string Url)>("""
            SELECT link_index, url FROM campaign_links WHERE tenant_id = @TenantId AND campaign_id = @CampaignId AND NOT dynamic
            """, new { transaction.TenantId, token.CampaignId })).ToDictionary(link => link.Index, link => link.Url);
        // A campaign without links isn't remembered: its launch may be on its way.
        if (links.Count > 0)
            campaigns.Set((token.TenantId, token.CampaignId), links, new MemoryCacheEntryOptions { Size = links.Values.Sum(url => url.Length) });
        return links;
    }
}
