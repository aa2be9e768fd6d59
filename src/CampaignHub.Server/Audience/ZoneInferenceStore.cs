using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Server.Audience.Imports;
using CampaignHub.Server.Platform.Database;
using Dapper;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A zone learned for a person of that country: it counts while the country is theirs.</summary>
internal readonly record struct PersonsZone(Guid RecipientId, string? Country, LearnedZone Learned);

/// <summary>How many people have their zone from a source, and how many changed in all.</summary>
internal sealed record ZoneSourceCount(string Source, long People, long Changed);

/// <summary>
/// Infers the zones of all of a tenant's people, set-based: one statement decides and writes. Phones are read in C#, by
/// portions, and wait in a table of the transaction, as do the zones learned from activity.
/// </summary>
internal static class ZoneInferenceStore
{
    private const int PortionRows = 20_000;

    private static readonly string[] CountriesOfSeveralZones =
        [.. ZoneInference.Table.Where(row => row.Source == ZoneSource.CountryGuess).Select(row => row.Country)];

    public static async Task BeginAsync(TenantTransaction transaction)
    {
        await ImportTurn.TakeAsync(transaction);
        await transaction.ExecuteAsync("""
            CREATE TEMPORARY TABLE zone_phones (recipient_id uuid, phone text, country text, zone text) ON COMMIT DROP;
            CREATE TEMPORARY TABLE zone_habits (recipient_id uuid, country text, zone text, confidence real) ON COMMIT DROP;
            """);
    }

    /// <summary>Gives people the zones that were learned for them, unless better evidence came meanwhile.</summary>
    public static async Task TakeLearnedAsync(TenantTransaction transaction, PersonsZone[] people, Instant now)
    {
        await ImportTurn.TakeAsync(transaction);
        await transaction.ExecuteAsync("""
            UPDATE recipients AS r
            SET time_zone = l.zone, time_zone_source = 'activity', time_zone_confidence = l.confidence, updated_at = @now
            FROM unnest(@ids, @countries, @zones, @confidences) AS l (recipient_id, country, zone, confidence)
            WHERE r.tenant_id = @TenantId AND r.recipient_id = l.recipient_id AND r.country IS NOT DISTINCT FROM l.country
              AND r.time_zone_source IN ('activity', 'storefront', 'country_guess', 'fallback')
              AND (r.time_zone, r.time_zone_source, r.time_zone_confidence) IS DISTINCT FROM (l.zone, 'activity', l.confidence)
            """, Columns(transaction, people, now));
    }

    /// <summary>Reads the phones of those whose phone may tell: no zone given, and several in their country, or no country.</summary>
    public static async Task ReadPhonesAsync(TenantTransaction transaction)
    {
        Guid? after = null;
        while (await PhonesAsync(transaction, after) is { Count: > 0 } people)
        {
            after = people[^1].RecipientId;
            var told = people.Select(p => (Person: p, Place: ZoneInference.OfPhone(p.Phone, p.Country))).Where(p => p.Place is not null).ToArray();
            await transaction.ExecuteAsync("INSERT INTO zone_phones SELECT * FROM unnest(@ids, @phones, @countries, @zones)", new
            {
                ids = Array.ConvertAll(told, p => p.Person.RecipientId),
                phones = Array.ConvertAll(told, p => p.Person.Phone),
                countries = Array.ConvertAll(told, p => p.Person.Country),
                zones = Array.ConvertAll(told, p => p.Place!.Value.TimeZone),
            });
        }
    }

    public static Task KeepLearnedAsync(TenantTransaction transaction, PersonsZone[] people) =>
        transaction.ExecuteAsync("INSERT INTO zone_habits SELECT * FROM unnest(@ids, @countries, @zones, @confidences)", Columns(transaction, people, now: null));

    /// <summary>Takes as long as the tenant has people, so no timeout.</summary>
    public static async Task<IReadOnlyList<ZoneSourceCount>> InferAsync(TenantTransaction transaction, Instant now)
    {
        await transaction.ExecuteAsync("ANALYZE zone_phones; ANALYZE zone_habits; SET LOCAL work_mem = '64MB'");
        return (await transaction.Connection.QueryAsync<ZoneSourceCount>(new CommandDefinition(
            SqlFiles.Read("InferZones"), new { transaction.TenantId, MergeRules.Zones, MergeRules.CountryZones, Now = now },
            commandTimeout: 0, cancellationToken: transaction.Cancellation))).AsList();
    }

    private static Task<IReadOnlyList<PersonsPhone>> PhonesAsync(TenantTransaction transaction, Guid? after) =>
        transaction.QueryAsync<PersonsPhone>("""
            SELECT recipient_id, phone, country FROM recipients
            WHERE tenant_id = @TenantId AND (@after::uuid IS NULL OR recipient_id > @after)
              AND phone IS NOT NULL AND time_zone_source NOT IN ('given', 'region') AND (country IS NULL OR country = ANY (@CountriesOfSeveralZones))
            ORDER BY recipient_id LIMIT @PortionRows
            """, new { transaction.TenantId, after, CountriesOfSeveralZones, PortionRows });

    private static object Columns(TenantTransaction transaction, PersonsZone[] people, Instant? now) => new
    {
        transaction.TenantId,
        now,
        ids = Array.ConvertAll(people, p => p.RecipientId),
        countries = Array.ConvertAll(people, p => p.Country),
        zones = Array.ConvertAll(people, p => p.Learned.TimeZone),
        confidences = Array.ConvertAll(people, p => (float)p.Learned.Confidence),
    };

    private sealed record PersonsPhone(Guid RecipientId, string Phone, string? Country);
}
