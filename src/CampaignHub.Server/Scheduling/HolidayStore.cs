using CampaignHub.Core.Scheduling;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Scheduling;

/// <summary>Writes and reads a tenant's holidays; nothing else does.</summary>
internal static class HolidayStore
{
    /// <summary>All dates, by country.</summary>
    public static async Task<IReadOnlyDictionary<string, LocalDate[]>> ListAsync(TenantTransaction transaction) =>
        (await transaction.QueryAsync<(string Country, LocalDate Date)>(
            "SELECT country, date FROM holidays WHERE tenant_id = @TenantId ORDER BY country, date", new { transaction.TenantId }))
        .GroupBy(h => h.Country).ToDictionary(h => h.Key, h => h.Select(d => d.Date).ToArray());

    /// <summary>The holidays that count for this schedule: none where it doesn't name the allowed days.</summary>
    public static Task<HolidayCalendar> CalendarAsync(TenantTransaction transaction, Schedule schedule) => CalendarAsync(transaction, schedule.Allowed);

    /// <summary>The holidays that count where mail may arrive at these times.</summary>
    public static async Task<HolidayCalendar> CalendarAsync(TenantTransaction transaction, AllowedTimes allowed) =>
        allowed.Days is null
            ? HolidayCalendar.Empty
            : new HolidayCalendar((await ListAsync(transaction)).ToDictionary(h => h.Key, h => (IReadOnlySet<LocalDate>)h.Value.ToHashSet()));

    /// <summary>Takes these dates instead of all there were.</summary>
    public static async Task ReplaceAsync(TenantTransaction transaction, IReadOnlyCollection<(string Country, LocalDate Date)> holidays)
    {
        await transaction.ExecuteAsync("DELETE FROM holidays WHERE tenant_id = @TenantId", new { transaction.TenantId });
        // Beside another that does the same, the later one's dates are added to: a date twice is one.
        await transaction.ExecuteAsync("""
            INSERT INTO holidays (tenant_id, country, date)
            SELECT @TenantId, country, date FROM unnest(@countries, @dates) AS h (country, date)
            ON CONFLICT DO NOTHING
            """, new
        {
            transaction.TenantId,
            countries = holidays.Select(h => h.Country).ToArray(),
            dates = holidays.Select(h => h.Date).ToArray(),
        });
    }
}
