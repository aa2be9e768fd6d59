namespace CampaignHub.Core.Audience.Segments;

/// <summary>What kind of value a field holds, on which its ops and its SQL depend.</summary>
public enum FieldKind
{
    Text,
    Word,
    Instant,
    List,
    Event,
    Attribute,
}

/// <summary>A field that segments can ask about. Alias <c>r</c> is the recipient's row.</summary>
/// <param name="Name">As callers write it.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Sql">The column, or for an event what tells its rows.</param>
public sealed record FilterField(string Name, FieldKind Kind, string Sql)
{
    private const string AttributePrefix = "attributes.";

    private static readonly FilterOp[] s_textOps = [FilterOp.Eq, FilterOp.Ne, FilterOp.In, FilterOp.Exists, FilterOp.Contains, FilterOp.StartsWith];

    /// <summary>Any attribute; which one is the condition's path.</summary>
    private static readonly FilterField s_attribute = new("attributes.*", FieldKind.Attribute, "r.attributes");

    /// <summary>Every field but the attributes.</summary>
    public static IReadOnlyList<FilterField> All { get; } =
    [
        new("email", FieldKind.Text, "r.email"),
        new("mail_domain", FieldKind.Text, "r.mail_domain"),
        new("first_name", FieldKind.Text, "r.first_name"),
        new("last_name", FieldKind.Text, "r.last_name"),
        new("locale", FieldKind.Text, "r.locale"),
        new("country", FieldKind.Text, "r.country"),
        new("region", FieldKind.Text, "r.region"),
        new("phone", FieldKind.Text, "r.phone"),
        new("time_zone", FieldKind.Text, "r.time_zone"),
        new("time_zone_source", FieldKind.Word, "r.time_zone_source") { Words = WireWords.All<ZoneSource>() },
        new("consent", FieldKind.Word, "r.consent_status") { Words = WireWords.All<ConsentStatus>() },
        new("consent_source", FieldKind.Text, "r.consent_source"),
        new("consent_at", FieldKind.Instant, "r.consent_at"),
        new("created_at", FieldKind.Instant, "r.created_at"),
        new("updated_at", FieldKind.Instant, "r.updated_at"),
        new("lists", FieldKind.List, "list_recipients"),
        new("events.received", FieldKind.Event, "received"),
        new("events.opened", FieldKind.Event, "open"),
        new("events.clicked", FieldKind.Event, "click"),
    ];

    /// <summary>The words that it may be.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What can be asked about it.</summary>
    public IReadOnlyList<FilterOp> Ops => Kind switch
    {
        FieldKind.Text => s_textOps,
        FieldKind.Word => [FilterOp.Eq, FilterOp.Ne, FilterOp.In],
        FieldKind.Instant => [FilterOp.Exists, FilterOp.Gt, FilterOp.Lt, FilterOp.WithinDays],
        FieldKind.List => [FilterOp.Eq, FilterOp.Ne, FilterOp.In, FilterOp.Exists],
        FieldKind.Event => [FilterOp.Eq, FilterOp.Ne, FilterOp.In, FilterOp.Exists, FilterOp.WithinDays],
        _ => [.. s_textOps, FilterOp.Gt, FilterOp.Lt, FilterOp.WithinDays],
    };

    /// <summary>The field of a name, with the path where it is an attribute; null for an unknown one.</summary>
    public static (FilterField Field, IReadOnlyList<string> Path)? Find(string name)
    {
        if (!name.StartsWith(AttributePrefix, StringComparison.Ordinal))
            return All.FirstOrDefault(field => field.Name == name) is { } field ? (field, []) : null;
        var path = name[AttributePrefix.Length..].Split('.');
        return path.Length <= 5 && path.All(step => step.Length is > 0 and <= 100) ? (s_attribute, path) : null;
    }
}
