using CampaignHub.Core.Audience.Segments;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>Who fits a filter at this moment: how many, and some of them.</summary>
public sealed record SegmentPreview
{
    /// <summary>How many recipients fit, whatever their consent.</summary>
    public long Recipients { get; init; }

    /// <summary>Of them, those who may be mailed as far as consent goes.</summary>
    public long Consented { get; init; }

    /// <summary>Some of them, at most 10.</summary>
    public IReadOnlyList<RecipientView> Sample { get; init; } = [];
}

/// <summary>Asks who fits a filter.</summary>
internal static class SegmentMembers
{
    private const int Sampled = 10;

    public static async Task<SegmentPreview> PreviewAsync(TenantTransaction transaction, SegmentFilter filter, Instant now)
    {
        var (condition, values) = SegmentSql.Of(filter, "f", now);
        var parameters = new Dictionary<string, object>(values) { ["TenantId"] = transaction.TenantId };
        var (all, consented) = await transaction.QuerySingleAsync<(long, long)>(
            $"SELECT count(*), count(*) FILTER (WHERE r.consent_status = 'granted') FROM recipients r WHERE r.tenant_id = @TenantId AND {condition}", parameters);
        return new SegmentPreview
        {
            Recipients = all,
            Consented = consented,
            Sample = [.. (await RecipientStore.SampleAsync(transaction, condition, parameters, Sampled)).Select(RecipientView.Of)],
        };
    }
}
