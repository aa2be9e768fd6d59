using CampaignHub.Core.Relays;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Relays;

/// <summary>A tenant's own regions.</summary>
internal static class RelayRegionStore
{
    /// <summary>The tenant's own, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> OwnAsync(TenantTransaction transaction) =>
        (await transaction.QueryAsync<(string Region, string[] Countries)>(
            "SELECT region, countries FROM relay_regions WHERE tenant_id = @TenantId", new { transaction.TenantId }))
        .ToDictionary(r => r.Region, IReadOnlyList<string> (r) => r.Countries);

    /// <summary>The table that holds for the tenant: its own regions over the built-in ones.</summary>
    public static async Task<RelayRegions> FindAsync(TenantTransaction transaction) =>
        RelayRegions.BuiltIn.With(await OwnAsync(transaction));

    /// <summary>Puts these in place of all the tenant's own.</summary>
    public static async Task ReplaceAsync(TenantTransaction transaction, IReadOnlyDictionary<string, IReadOnlyList<string>> own)
    {
        var names = own.Keys.ToArray();
        await transaction.ExecuteAsync("DELETE FROM relay_regions WHERE tenant_id = @TenantId AND region <> ALL (@names)", new { transaction.TenantId, names });
        // Countries of a region travel as one text: PostgreSQL's arrays of arrays must all have one length.
        await transaction.ExecuteAsync("""
            INSERT INTO relay_regions (tenant_id, region, countries)
            SELECT @TenantId, name, string_to_array(list, ' ') FROM unnest(@names, @lists) AS given (name, list)
            ON CONFLICT (tenant_id, region) DO UPDATE SET countries = excluded.countries
            """, new { transaction.TenantId, names, lists = own.Values.Select(countries => string.Join(' ', countries)).ToArray() });
    }
}
