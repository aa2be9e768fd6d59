using CampaignHub.Core;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>Writes and reads lists and who is on them.</summary>
internal static class ListStore
{
    /// <summary>Most lists that one request may name for a person.</summary>
    private const int MaxListsAtOnce = 100;

    private const string Columns = """
        l.list_id AS id, l.name, l.public, l.created_at,
        (SELECT count(*) FROM list_recipients m WHERE m.tenant_id = @TenantId AND m.list_id = l.list_id) AS recipients
        """;

    public static Task InsertAsync(TenantTransaction transaction, RecipientList list) => transaction.ExecuteAsync("""
        INSERT INTO lists (tenant_id, list_id, name, public, created_at) VALUES (@TenantId, @Id, @Name, @Public, @CreatedAt)
        """, new { transaction.TenantId, list.Id, list.Name, list.Public, list.CreatedAt });

    public static Task<RecipientList?> FindAsync(TenantTransaction transaction, Guid listId) =>
        transaction.QueryFirstOrDefaultAsync<RecipientList>(
            $"SELECT {Columns} FROM lists l WHERE l.tenant_id = @TenantId AND l.list_id = @listId", new { transaction.TenantId, listId });

    public static Task<IReadOnlyList<RecipientList>> ListAsync(TenantTransaction transaction, Guid? after, int limit) =>
        transaction.QueryAsync<RecipientList>($"""
            SELECT {Columns} FROM lists l
            WHERE l.tenant_id = @TenantId AND (@after::uuid IS NULL OR l.list_id > @after)
            ORDER BY l.list_id LIMIT @limit
            """, new { transaction.TenantId, after, limit });

    /// <summary>Changes what is given; null stays as it is.</summary>
    public static Task UpdateAsync(TenantTransaction transaction, Guid listId, string? name, bool? isPublic) => transaction.ExecuteAsync("""
        UPDATE lists SET name = coalesce(@name, name), public = coalesce(@isPublic, public) WHERE tenant_id = @TenantId AND list_id = @listId
        """, new { transaction.TenantId, listId, name, isPublic });

    /// <summary>Keeps anybody from naming the list until the commit (see <see cref="HoldAsync"/>); false: there is no such list.</summary>
    public static async Task<bool> LockForDeletionAsync(TenantTransaction transaction, Guid listId) => await transaction.QueryFirstOrDefaultAsync<Guid?>("""
        SELECT list_id FROM lists WHERE tenant_id = @TenantId AND list_id = @listId FOR UPDATE
        """, new { transaction.TenantId, listId }) is not null;

    /// <summary>Removes the list; who was on it stays a recipient.</summary>
    public static Task DeleteAsync(TenantTransaction transaction, Guid listId) => transaction.ExecuteAsync(
        "DELETE FROM lists WHERE tenant_id = @TenantId AND list_id = @listId", new { transaction.TenantId, listId });

    /// <summary>Of these ids, those that are lists; they can't be deleted before the commit.</summary>
    public static async Task<IReadOnlySet<Guid>> HoldAsync(TenantTransaction transaction, IReadOnlyCollection<Guid> listIds) =>
        listIds.Count == 0 ? new HashSet<Guid>() : (await transaction.QueryAsync<Guid>("""
            SELECT list_id FROM lists WHERE tenant_id = @TenantId AND list_id = ANY (@listIds) ORDER BY list_id FOR KEY SHARE
            """, new { transaction.TenantId, listIds = listIds.ToArray() })).ToHashSet();

    /// <summary>What is wrong with lists that a person is to be put on; those that aren't wrong are held.</summary>
    public static async Task<IReadOnlyList<FieldError>> FaultsAsync(TenantTransaction transaction, Optional<Guid[]> lists)
    {
        var wanted = lists.Value ?? [];
        if (wanted.Length > MaxListsAtOnce)
            return [new FieldError("lists", "too_long", $"At most {MaxListsAtOnce} lists can be named at once.")];
        var held = await HoldAsync(transaction, wanted);
        return [.. wanted.Index().Where(list => !held.Contains(list.Item))
            .Select(list => new FieldError($"lists[{list.Index}]", "unknown_list", $"There is no list {list.Item}."))];
    }

    /// <summary>
    /// Puts a person on lists beside those that they are on, other than those that they have left themselves; a given null takes
    /// them off all. The caller holds the lists and the person until the commit: no foreign key looks again (migration 9).
    /// </summary>
    public static async Task EnterAsync(TenantTransaction transaction, Guid recipientId, Optional<Guid[]> lists, Instant now)
    {
        if (lists is { IsSet: true, Value: null })
            await transaction.ExecuteAsync("""
                DELETE FROM list_recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId
                """, new { transaction.TenantId, recipientId });
        if (lists.Value is { Length: > 0 } wanted)
            await transaction.ExecuteAsync("""
                INSERT INTO list_recipients (tenant_id, list_id, recipient_id, added_at)
                SELECT DISTINCT @TenantId, w.list_id, @recipientId, @now FROM unnest(@wanted) AS w (list_id)
                WHERE NOT EXISTS (SELECT FROM lists_left f WHERE f.tenant_id = @TenantId AND f.recipient_id = @recipientId AND f.list_id = w.list_id)
                ON CONFLICT DO NOTHING
                """, new { transaction.TenantId, recipientId, wanted, now });
    }

    /// <summary>Puts a person on lists by their own word, also on those that they had left. Lists and person are held.</summary>
    public static async Task JoinAsync(TenantTransaction transaction, Guid recipientId, Guid[] lists, Instant now)
    {
        await transaction.ExecuteAsync("""
            DELETE FROM lists_left WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND list_id = ANY (@lists)
            """, new { transaction.TenantId, recipientId, lists });
        await EnterAsync(transaction, recipientId, lists, now);
    }

    /// <summary>
    /// Takes a person off lists by their own word, which is remembered. Lists and person are held; that they are written too makes an
    /// import that has read them before meet them again.
    /// </summary>
    public static async Task LeaveAsync(TenantTransaction transaction, Guid recipientId, Guid[] lists, Instant now)
    {
        if (lists.Length > 0)
            await transaction.ExecuteAsync("""
                WITH remembered AS (
                    INSERT INTO lists_left (tenant_id, recipient_id, list_id, left_at)
                    SELECT DISTINCT @TenantId, @recipientId, list_id, @now FROM unnest(@lists) AS list_id
                    ON CONFLICT DO NOTHING
                ), written AS (
                    UPDATE recipients SET updated_at = @now WHERE tenant_id = @TenantId AND recipient_id = @recipientId
                )
                DELETE FROM list_recipients WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND list_id = ANY (@lists)
                """, new { transaction.TenantId, recipientId, lists, now });
    }

    /// <summary>
    /// The lists that a person may choose among: those that they are on, then the public ones and those that they have left, by name; at most
    /// <see cref="MaxListsAtOnce"/>.
    /// </summary>
    public static Task<IReadOnlyList<OfferedList>> OfferedAsync(TenantTransaction transaction, Guid recipientId) => transaction.QueryAsync<OfferedList>("""
        SELECT l.list_id AS id, l.name, l.public, m.recipient_id IS NOT NULL AS is_on
        FROM lists l LEFT JOIN list_recipients m ON m.tenant_id = @TenantId AND m.list_id = l.list_id AND m.recipient_id = @recipientId
            LEFT JOIN lists_left f ON f.tenant_id = @TenantId AND f.list_id = l.list_id AND f.recipient_id = @recipientId
        WHERE l.tenant_id = @TenantId AND (l.public OR m.recipient_id IS NOT NULL OR f.recipient_id IS NOT NULL) ORDER BY is_on DESC, l.name, l.list_id LIMIT @most
        """, new { transaction.TenantId, recipientId, most = MaxListsAtOnce });

    /// <summary>The lists that a person is on, and those that they have left themselves, by name.</summary>
    public static IAsyncEnumerable<PersonList> OfRecipientAsync(TenantTransaction transaction, Guid recipientId) => transaction.StreamAsync<PersonList>("""
        SELECT l.list_id AS id, l.name, m.added_at, f.left_at
        FROM lists l LEFT JOIN list_recipients m ON m.tenant_id = @TenantId AND m.list_id = l.list_id AND m.recipient_id = @recipientId
            LEFT JOIN lists_left f ON f.tenant_id = @TenantId AND f.list_id = l.list_id AND f.recipient_id = @recipientId
        WHERE l.tenant_id = @TenantId AND (m.recipient_id IS NOT NULL OR f.recipient_id IS NOT NULL) ORDER BY l.name, l.list_id
        """, new { transaction.TenantId, recipientId });

    /// <summary>Whether a person has left the list by their own word.</summary>
    public static Task<bool> HasLeftAsync(TenantTransaction transaction, Guid recipientId, Guid listId) => transaction.QuerySingleAsync<bool>("""
        SELECT EXISTS (SELECT FROM lists_left WHERE tenant_id = @TenantId AND recipient_id = @recipientId AND list_id = @listId)
        """, new { transaction.TenantId, recipientId, listId });

    /// <summary>Takes a person off one list by another's word, which anybody's may put them back on.</summary>
    public static Task TakeOffAsync(TenantTransaction transaction, Guid recipientId, Guid listId) => transaction.ExecuteAsync("""
        DELETE FROM list_recipients WHERE tenant_id = @TenantId AND list_id = @listId AND recipient_id = @recipientId
        """, new { transaction.TenantId, listId, recipientId });
}

/// <summary>A list as a person sees it.</summary>
internal sealed record OfferedList
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public bool Public { get; init; }

    /// <summary>Whether they are on it.</summary>
    public bool IsOn { get; init; }
}

/// <summary>A list of a person's.</summary>
public sealed record PersonList
{
    /// <summary>The list's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>When they came on it; null: they aren't on it any more.</summary>
    public Instant? AddedAt { get; init; }

    /// <summary>When they left it themselves; null: they didn't.</summary>
    public Instant? LeftAt { get; init; }
}
