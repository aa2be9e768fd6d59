using System.Text.Json.Nodes;
using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Reports;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>Events of a seeded campaign, and its report once they are in it.</summary>
internal static class Folding
{
    /// <summary>Appends events at these instants (RFC 3339), each of the delivery at a place; an open or click is a person's unless a class is given.</summary>
    public static async Task AppendAsync(this Seed seed, TestService service, params (string Type, string At, int Delivery, int? Link, string? Class)[] events)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await EventLog.AppendAsync(transaction, [.. events.Select(e => new Event(e.Type, InstantPattern.ExtendedIso.Parse(e.At).Value)
        {
            CampaignId = seed.CampaignId,
            DeliveryId = seed.Deliveries[e.Delivery],
            LinkIndex = e.Link,
            Class = e.Class ?? (e.Type is EventTypes.Opened or EventTypes.Clicked ? "human" : null),
        })], service.Get<IClock>().GetCurrentInstant());
        await transaction.CommitAsync();
    }

    /// <summary>The report once all that has happened by now is folded into it.</summary>
    public static async Task<JsonObject> FoldedReportAsync(this Seed seed, TestService service)
    {
        var now = service.Get<IClock>().GetCurrentInstant();
        return await Eventually.Async(
            () => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report"),
            report => InstantPattern.ExtendedIso.Parse(report["as_of"]!.GetValue<string>()).Value >= now, "the report to be folded", seconds: 30);
    }

    public static Task<JsonObject> ReportAsync(this Seed seed, string path) => seed.Tenant.Http.GetJsonAsync($"/v1/campaigns/{seed.CampaignId}/report/{path}");

    /// <summary>Where the roll-ups of all campaigns are not what a recount of the events comes to.</summary>
    public static async Task<IReadOnlyList<RollupDifference>> DifferencesAsync(Database database)
    {
        var differences = new List<RollupDifference>();
        await new RollupVerification(database, differences.Add, CancellationToken.None).RunAsync();
        return differences;
    }

    public static async Task SqlAsync(this Seed seed, TestService service, string sql)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync(sql, new { transaction.TenantId, seed.CampaignId });
        await transaction.CommitAsync();
    }
}
