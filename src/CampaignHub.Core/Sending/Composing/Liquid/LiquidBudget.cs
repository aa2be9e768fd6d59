using Fluid;
using Fluid.Values;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>Raised inside the engine where a limit is met; never leaves <see cref="LiquidTemplate"/>.</summary>
internal sealed class LiquidLimitException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}

/// <summary>
/// What is left of one rendering's limits. The engine counts only steps, and a step can cost anything
/// (a filter that doubles a string, a captured loop), so size and work are counted here.
/// </summary>
internal sealed class LiquidBudget(LiquidLimits limits, CancellationToken cancellation)
{
    private const string Key = "campaignhub.budget";
    private long _work;
    private long _output;

    public LiquidLimits Limits => limits;

    public static LiquidBudget Of(TemplateContext context) => (LiquidBudget)context.AmbientValues[Key];

    public void Attach(TemplateContext context) => context.AmbientValues[Key] = this;

    public void ChargeWork(long units)
    {
        cancellation.ThrowIfCancellationRequested();
        _work += units;
        if (_work > limits.MaxWork)
            throw new LiquidLimitException(LiquidFailure.TooSlow, "The template's filters do too much work.");
    }

    public void ChargeOutput(int characters)
    {
        cancellation.ThrowIfCancellationRequested();
        _output += characters;
        if (_output > limits.MaxOutput)
            throw new LiquidLimitException(LiquidFailure.TooLarge, $"The template writes more than {limits.MaxOutput} characters.");
    }

    public void CheckString(long length)
    {
        if (length > limits.MaxValue)
            throw new LiquidLimitException(LiquidFailure.TooLarge, $"A value grows beyond {limits.MaxValue} characters.");
    }

    public void CheckItems(decimal count)
    {
        if (count > limits.MaxItems)
            throw new LiquidLimitException(LiquidFailure.TooLarge, $"A list grows beyond {limits.MaxItems} elements.");
    }

    public static long Size(FluidValue value) => value switch
    {
        StringValue text => text.ToStringValue().Length,
        ArrayValue list => list.Values.Count,
        _ => 1,
    };

    public void CheckValue(FluidValue value)
    {
        if (value is StringValue text)
            CheckString(text.ToStringValue().Length);
        else if (value is ArrayValue list)
            CheckItems(list.Values.Count);
    }
}
