using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Core.Audience.Segments;

/// <summary>
/// Renders a filter as a condition over the recipient's row <c>r</c>. Values and attributes' names are parameters, never
/// text of the statement; no value of anybody's can make it fail, and it is never null.
/// </summary>
/// <remarks>
/// What is asked of other tables is an EXISTS on its own: where it must hold, or must not, PostgreSQL makes a join of it, and
/// elsewhere looks each person up by an index. As a set (<c>IN</c>) that is too large to be hashed it would be read again for
/// each person.
/// </remarks>
public sealed class SegmentSql
{
    private readonly string _prefix;
    private readonly Instant _now;
    private readonly Dictionary<string, object> _parameters = [];

    private SegmentSql(string prefix, Instant now) => (_prefix, _now) = (prefix, now);

    /// <param name="filter">The filter.</param>
    /// <param name="prefix">Of the parameters' names, so that several filters go into one statement. <c>@TenantId</c> is the caller's.</param>
    /// <param name="now">From when <c>within_days</c> counts back.</param>
    public static (string Condition, IReadOnlyDictionary<string, object> Parameters) Of(SegmentFilter filter, string prefix, Instant now)
    {
        var sql = new SegmentSql(prefix, now);
        return (sql.Render(filter), sql._parameters);
    }

    private string Render(SegmentFilter filter) => filter switch
    {
        FilterGroup { Kind: GroupKind.None } group => $"({string.Join(" AND ", group.Members.Select(member => $"NOT {Render(member)}"))})",
        FilterGroup group => $"({string.Join(group.Kind == GroupKind.All ? " AND " : " OR ", group.Members.Select(Render))})",
        FilterCondition { Op: FilterOp.Ne } condition => $"NOT {Render(condition with { Op = FilterOp.Eq })}",
        FilterCondition { Field.Kind: FieldKind.List } condition => Lists(condition),
        FilterCondition { Field.Kind: FieldKind.Event } condition => Events(condition),
        FilterCondition condition => $"coalesce({RenderCondition(condition)}, false)",
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    private string RenderCondition(FilterCondition condition) => condition.Field.Kind switch
    {
        FieldKind.Attribute => Attribute(condition),
        FieldKind.Instant => condition.Op switch
        {
            FilterOp.Exists => Exists(condition.Field.Sql, condition),
            FilterOp.WithinDays => $"{condition.Field.Sql} BETWEEN {Since(condition)} AND {Add(_now)}",
            _ => $"{condition.Field.Sql} {Compared(condition.Op)} {Add(condition.Value)}",
        },
        _ => Text(condition.Field.Sql, condition),
    };

    private string Text(string text, FilterCondition condition) => condition.Op switch
    {
        FilterOp.Exists => Exists(text, condition),
        FilterOp.Contains => $"strpos(lower({text}), lower({Add(condition.Value)})) > 0",
        FilterOp.StartsWith => $"starts_with(lower({text}), lower({Add(condition.Value)}))",
        FilterOp.In => OneOf(text, (string[])condition.Value),
        _ => $"lower({text}) = lower({Add(condition.Value)})",
    };

    private static string Exists(string value, FilterCondition condition) => $"{value} IS {((bool)condition.Value ? "NOT " : "")}NULL";

    private string Lists(FilterCondition condition)
    {
        var which = condition.Op == FilterOp.Exists ? "" : $" AND m.list_id = ANY ({Add(Ids(condition))})";
        return $"{Not(condition)}EXISTS (SELECT FROM list_recipients m WHERE m.tenant_id = @TenantId AND m.recipient_id = r.recipient_id{which})";
    }

    private string Events(FilterCondition condition)
    {
        var isReceived = condition.Field.Sql == "received";
        var narrowed = condition.Op switch
        {
            FilterOp.Exists => "",
            FilterOp.WithinDays => $" AND {(isReceived ? "d.sent_at" : "h.first_at")} BETWEEN {Since(condition)} AND {Add(_now)}",
            _ => $" AND d.campaign_id = ANY ({Add(Ids(condition))})",
        };
        // A click or an open is a person's: hits of machines and of privacy proxies don't count.
        var happened = isReceived
            ? $"FROM deliveries d WHERE d.tenant_id = @TenantId AND d.recipient_id = r.recipient_id AND d.state = 'accepted'{narrowed}"
            : $"""
                FROM deliveries d
                JOIN first_hits h ON h.tenant_id = @TenantId AND h.campaign_id = d.campaign_id AND h.delivery_id = d.delivery_id
                WHERE d.tenant_id = @TenantId AND d.recipient_id = r.recipient_id AND h.class = 'human' AND h.measure = '{condition.Field.Sql}'{narrowed}
                """;
        return $"{Not(condition)}EXISTS (SELECT {happened})";
    }

    private static string Not(FilterCondition condition) => condition is { Op: FilterOp.Exists, Value: false } ? "NOT " : "";

    private string Attribute(FilterCondition condition)
    {
        var path = Add(condition.Path.ToArray());
        var text = $"(r.attributes #>> {path})";
        // What looks like a number is one, however it came in: a CSV knows only texts.
        var number = $$"""
            (CASE jsonb_typeof(r.attributes #> {{path}}) WHEN 'number' THEN (r.attributes #> {{path}})::numeric
                 WHEN 'string' THEN CASE WHEN {{text}} ~ '^-?[0-9]{1,30}([.][0-9]{1,30})?$' THEN {{text}}::numeric END END)
            """;
        // Dates are compared by the day, as they are written: a cast might fail.
        var day = $"(CASE WHEN {text} ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]|$)' THEN left({text}, 10) COLLATE \"C\" END)";
        return (condition.Op, condition.Value) switch
        {
            (FilterOp.WithinDays, int days) => $"{day} BETWEEN {Add(Day(_now - Duration.FromDays(days)))} AND {Add(Day(_now))}",
            (FilterOp.Gt or FilterOp.Lt, LocalDate date) => $"{day} {Compared(condition.Op)} {Add(LocalDatePattern.Iso.Format(date))}",
            (FilterOp.Gt or FilterOp.Lt, _) => $"{number} {Compared(condition.Op)} {Add(condition.Value)}",
            (FilterOp.Eq, decimal) => $"{number} = {Add(condition.Value)}",
            (FilterOp.In, object[] values) => AnyOf(text, number, values),
            (FilterOp.Eq, bool truth) => $"lower({text}) = '{Word(truth)}'",
            _ => Text(text, condition),
        };
    }

    // Numbers are compared as numbers, and anything else as text, as with eq.
    private string AnyOf(string text, string number, object[] values)
    {
        var numbers = values.OfType<decimal>().ToArray();
        var texts = values.Where(v => v is not decimal).Select(v => v is bool truth ? Word(truth) : (string)v).ToArray();
        return (texts.Length, numbers.Length) switch
        {
            (_, 0) => OneOf(text, texts),
            (0, _) => $"{number} = ANY ({Add(numbers)})",
            _ => $"(coalesce({number} = ANY ({Add(numbers)}), false) OR {OneOf(text, texts)})",
        };
    }

    private string OneOf(string text, string[] values) => $"lower({text}) IN (SELECT lower(v) FROM unnest({Add(values)}) AS v)";

    private static string Word(bool truth) => truth ? "true" : "false";

    private static string Day(Instant at) => LocalDatePattern.Iso.Format(at.InUtc().Date);

    private static Guid[] Ids(FilterCondition condition) => condition.Value as Guid[] ?? [(Guid)condition.Value];

    private string Since(FilterCondition condition) => Add(_now - Duration.FromDays((int)condition.Value));

    private static string Compared(FilterOp op) => op == FilterOp.Gt ? ">" : "<";

    private string Add(object value)
    {
        var name = $"{_prefix}{_parameters.Count}";
        _parameters.Add(name, value);
        return $"@{name}";
    }
}
