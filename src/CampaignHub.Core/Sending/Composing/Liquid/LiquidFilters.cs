using Fluid;
using Fluid.Values;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>Puts every filter of the engine under the rendering's budget.</summary>
internal static class LiquidFilters
{
    // .NET format strings pad to any width that they name ("{0,1000000000}"), and are no part of Liquid.
    private static readonly string[] Removed = ["format_string", "format_number", "format_date"];
    private const int MaxDateFormat = 200;

    public static void Guard(FilterCollection filters)
    {
        foreach (var name in Removed)
            filters.Remove(name);
        foreach (var (name, filter) in filters.ToList())
            filters.AddFilter(name, Guarded(name, filter));
    }

    private static FilterDelegate Guarded(string name, FilterDelegate filter) => (input, arguments, context) =>
    {
        var budget = LiquidBudget.Of(context);
        budget.ChargeWork(Cost(input, arguments));
        CheckGrowth(name, input, arguments, budget);
        var pending = filter(input, arguments, context);
        var output = pending.IsCompletedSuccessfully ? pending.GetAwaiter().GetResult() : pending.AsTask().GetAwaiter().GetResult();
        budget.CheckValue(output);
        budget.ChargeWork(LiquidBudget.Size(output));
        return ValueTask.FromResult(output);
    };

    private static long Cost(FluidValue input, FilterArguments arguments)
    {
        var cost = 1 + LiquidBudget.Size(input);
        for (var i = 0; i < arguments.Count; i++)
            cost += LiquidBudget.Size(arguments.At(i));
        return cost;
    }

    // These can multiply their input within one call: they are refused before they allocate.
    private static void CheckGrowth(string name, FluidValue input, FilterArguments arguments, LiquidBudget budget)
    {
        switch (name)
        {
            case "replace":
                budget.CheckString(Replaced(input.ToStringValue(), arguments.At(0).ToStringValue(), arguments.At(1).ToStringValue()));
                break;
            case "join" when input is ArrayValue list:
                var separator = arguments.At(0).ToStringValue().Length;
                budget.CheckString(list.Values.Sum(item => LiquidBudget.Size(item) + separator));
                break;
            case "date" when arguments.At(0).ToStringValue() is var format:
                CheckDateFormat(format);
                break;
        }
    }

    private static long Replaced(string text, string sought, string replacement)
    {
        if (sought.Length == 0)
            return (text.Length + 1L) * (replacement.Length + 1L);
        long count = text.AsSpan().Count(sought.AsSpan());
        return text.Length + count * ((long)replacement.Length - sought.Length);
    }

    // "%99999d" pads to 99,999 characters; four digits may be a year that the author wrote out.
    private static void CheckDateFormat(string format)
    {
        var digits = 0;
        foreach (var character in format)
        {
            digits = char.IsAsciiDigit(character) ? digits + 1 : 0;
            if (digits > 4 || format.Length > MaxDateFormat)
                throw new LiquidLimitException(LiquidFailure.TooLarge, "The date format is too long or pads too far.");
        }
    }
}
