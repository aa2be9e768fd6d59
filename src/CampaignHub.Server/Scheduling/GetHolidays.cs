using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;

namespace CampaignHub.Server.Scheduling;

/// <summary>A tenant's holidays.</summary>
public sealed record HolidaysView
{
    /// <summary>Dates (<c>yyyy-MM-dd</c>) by country (ISO 3166-1): on them, campaigns that name <c>allowed_days</c> send nothing to people of that country.</summary>
    public IReadOnlyDictionary<string, string[]> Countries { get; init; } = new Dictionary<string, string[]>();

    internal static async Task<HolidaysView> OfAsync(TenantTransaction transaction) => new()
    {
        Countries = (await HolidayStore.ListAsync(transaction))
            .ToDictionary(h => h.Key, h => Array.ConvertAll(h.Value, NodaTime.Text.LocalDatePattern.Iso.Format)),
    };
}

/// <summary>Shows the tenant's holidays.</summary>
internal sealed class GetHolidays : ApiEndpoint<Nothing, HolidaysView>
{
    public override void Configure()
    {
        Get("/v1/holidays");
        Access(Scope.CampaignsRead);
        Summary(s => s.Summary = "Show the holidays");
    }

    protected override async Task<Answer<HolidaysView>> AnswerAsync(Nothing request, TenantTransaction transaction) =>
        await HolidaysView.OfAsync(transaction);
}
