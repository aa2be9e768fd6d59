using CampaignHub.Core.Tenancy;
using Npgsql;

namespace CampaignHub.Server.Platform.Database;

/// <summary>
/// Ties a database to its key ring: with another ring, or without a key of it that was in use, tokens in sent mail and stored secrets would
/// be lost.
/// </summary>
internal static class Installation
{
    /// <summary>The ring in its file, made where this is the first start; the database belongs to it from then on.</summary>
    /// <exception cref="StartupException">It isn't the one that the database belongs to, or not all of it.</exception>
    public static async Task<KeyRing> OpenRingAsync(string connectionString, KeyRingFile file, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        // Asked before a ring is made in the place of one that is lost.
        var inUse = await FindAsync(source, ct) ?? await BelongToAsync(source, KeyRingFile.Parse(file.Read(), file.Place), ct);
        if (inUse.WrongWith(file) is { } wrong)
            throw new StartupException($"{wrong.What}: {wrong.Remedy}.");
        var ring = KeyRingFile.Parse(file.Read(), file.Place);
        await using var more = source.CreateCommand("""
            UPDATE campaignhub.installation SET ring_keys = ARRAY (SELECT DISTINCT unnest(ring_keys || $1)) WHERE NOT ring_keys @> $1
            """);
        more.Parameters.AddWithValue(ring.Names.ToArray());
        await more.ExecuteNonQueryAsync(ct);
        return ring;
    }

    /// <summary>To this ring, unless another node has just been the first.</summary>
    private static async Task<RingInUse> BelongToAsync(NpgsqlDataSource source, KeyRing ring, CancellationToken ct)
    {
        await using var command = source.CreateCommand("""
            INSERT INTO campaignhub.installation (key_ring_fingerprint, ring_keys, created_at) VALUES ($1, $2, clock_timestamp()) ON CONFLICT DO NOTHING
            """);
        command.Parameters.AddWithValue(ring.Fingerprint);
        command.Parameters.AddWithValue(ring.Names.ToArray());
        await command.ExecuteNonQueryAsync(ct);
        return (await FindAsync(source, ct))!;
    }

    private static async Task<RingInUse?> FindAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand("SELECT key_ring_fingerprint, ring_keys FROM campaignhub.installation");
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new RingInUse(row.GetString(0), row.GetFieldValue<string[]>(1)) : null;
    }
}

/// <summary>The key ring that a database belongs to.</summary>
/// <param name="Fingerprint">Of its root.</param>
/// <param name="Keys">Names of the keys that some node has started with: secrets may be sealed under each.</param>
internal sealed record RingInUse(string Fingerprint, IReadOnlyList<string> Keys)
{
    private const string Sources = "from a backup (./hub backup keeps it with the database) or from another node";

    /// <summary>What is wrong with the ring in a file, and what to do; null where it is the right one and whole.</summary>
    /// <exception cref="StartupException">It can't be read.</exception>
    public (string What, string Remedy)? WrongWith(KeyRingFile file) => file.Exists
        ? WrongWith(KeyRingFile.Parse(file.Read(), file.Place), file.Place)
        : ($"The key ring {file.Place} is not there, and this database belongs to one ({Fingerprint}), without which relays' passwords and DKIM keys can't be opened",
            $"put it back {Sources}, or name its file in CampaignHub__KeyRing");

    private (string What, string Remedy)? WrongWith(KeyRing ring, string place)
    {
        if (ring.Fingerprint != Fingerprint)
            return ($"This database belongs to the key ring {Fingerprint}, and {place} is {ring.Fingerprint}",
                $"put the right file there, {Sources}, or name it in CampaignHub__KeyRing");
        var lost = Keys.Except(ring.Names).Select(name => $"'{name.Split(':')[0]}' (fingerprint {name.Split(':')[1]})").ToList();
        return lost.Count == 0 ? null : (
            $"The key ring {place} lacks the key {string.Join(" and ", lost)}, under which relays' passwords and DKIM keys may be sealed",
            $"put its line back, {Sources}");
    }
}
