using System.Text.Json;

namespace CampaignHub.Core.Audience.Segments;

/// <summary>Reads a filter from JSON. Every fault names its path, such as <c>filter.all[2].any[0].op</c>.</summary>
public sealed class FilterReader
{
    /// <summary>Groups within groups, the outermost included.</summary>
    public const int MostLevels = 10;

    /// <summary>Conditions in all.</summary>
    public const int MostConditions = 100;

    private static readonly string[] s_conditionFields = ["field", "op", "value"];

    private readonly ICollection<FieldError> _errors;
    private int _conditions;

    private FilterReader(ICollection<FieldError> errors) => _errors = errors;

    /// <summary>The filter; null where a fault was noted.</summary>
    /// <param name="json">What the caller sent.</param>
    /// <param name="path">What it is called.</param>
    /// <param name="errors">Gets the faults.</param>
    public static SegmentFilter? Read(JsonElement json, string path, ICollection<FieldError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var before = errors.Count;
        var reader = new FilterReader(errors);
        var filter = reader.ReadAny(json, path, 1);
        if (reader._conditions > MostConditions)
            errors.Add(new(path, "too_many", $"A filter has at most {MostConditions} conditions."));
        return errors.Count == before ? filter : null;
    }

    private SegmentFilter? ReadAny(JsonElement json, string path, int level)
    {
        if (json.ValueKind != JsonValueKind.Object)
            return Fault(path, "invalid", """It is an object: {"all": […]}, {"any": […]}, {"none": […]}, or {"field": …, "op": …, "value": …}.""");
        var names = json.EnumerateObject().Select(p => p.Name).ToList();
        return names is [var only] && WireWords.Parse<GroupKind>(only) is { } kind
            ? ReadGroup(kind, json.GetProperty(only), $"{path}.{only}", level)
            : ReadCondition(json, names, path);
    }

    private FilterGroup? ReadGroup(GroupKind kind, JsonElement json, string path, int level)
    {
        if (level > MostLevels)
            return Fault<FilterGroup>(path, "too_deep", $"Groups go {MostLevels} levels deep at most.");
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() == 0)
            return Fault<FilterGroup>(path, "invalid", "It is a list of at least one filter.");
        List<SegmentFilter> members = [];
        foreach (var (i, member) in json.EnumerateArray().Index())
        {
            // Whatever the size of what was sent, the work on it ends here.
            if (_conditions > MostConditions)
                break;
            if (ReadAny(member, $"{path}[{i}]", level + 1) is { } filter)
                members.Add(filter);
        }
        return new FilterGroup(kind, members);
    }

    private FilterCondition? ReadCondition(JsonElement json, List<string> names, string path)
    {
        _conditions++;
        if (names.Except(s_conditionFields).FirstOrDefault() is { } unknown)
            return Fault<FilterCondition>($"{path}.{FilterValues.Shown(unknown)}", "unknown_field", "A filter has one of all, any and none, or field, op and value.");
        var name = FilterValues.TextOf(json, "field");
        if (name is null || FilterField.Find(name) is not var (field, steps))
            return Fault<FilterCondition>($"{path}.field", name is null ? "required" : "unknown_field",
                $"It is one of {string.Join(", ", FilterField.All.Select(f => f.Name))}, or attributes. and a name.");
        if (FilterValues.TextOf(json, "op") is not { } word || WireWords.Parse<FilterOp>(word) is not { } op || !field.Ops.Contains(op))
            return Fault<FilterCondition>($"{path}.op", "invalid", $"Of {FilterValues.Shown(name)} it is one of {string.Join(", ", field.Ops.Select(o => o.Word()))}.");
        if (!json.TryGetProperty("value", out var given))
            return Fault<FilterCondition>($"{path}.value", "required", "It says what is compared with.");
        return FilterValues.Read(field, op, given, out var problem) is { } value
            ? new FilterCondition(field, op, value, steps)
            : Fault<FilterCondition>($"{path}.value", "invalid", problem!);
    }

    private SegmentFilter? Fault(string path, string code, string message) => Fault<SegmentFilter>(path, code, message);

    private T? Fault<T>(string path, string code, string message) where T : class
    {
        _errors.Add(new FieldError(path, code, message));
        return null;
    }
}
