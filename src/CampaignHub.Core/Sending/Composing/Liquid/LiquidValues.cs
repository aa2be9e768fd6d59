using System.Text.Json;
using Fluid;
using Fluid.Values;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>Turns JSON into Liquid's values: no CLR object is ever reachable from a template.</summary>
public static class LiquidValues
{
    /// <summary>Any JSON value; numbers beyond a decimal's range become their text.</summary>
    public static FluidValue From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Object(json),
        JsonValueKind.Array => new ArrayValue([.. json.EnumerateArray().Select(From)]),
        JsonValueKind.String => Text(json.GetString()),
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? NumberValue.Create(number) : Text(json.GetRawText()),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        _ => NilValue.Instance,
    };

    /// <summary>A string, or nil.</summary>
    public static FluidValue Text(string? value) => value is null ? NilValue.Instance : StringValue.Create(value);

    /// <summary>Members by name, compared without case.</summary>
    public static FluidValue Members(Dictionary<string, FluidValue> members) =>
        new DictionaryValue(new FluidValueDictionaryFluidIndexable(members));

    private static FluidValue Object(JsonElement json)
    {
        var members = new Dictionary<string, FluidValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in json.EnumerateObject())
            members[member.Name] = From(member.Value);
        return Members(members);
    }
}
