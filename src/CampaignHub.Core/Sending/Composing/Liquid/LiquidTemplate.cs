using System.Diagnostics.CodeAnalysis;
using Fluid;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>A parsed Liquid template. Parse once; rendering is safe from many threads at once.</summary>
public sealed class LiquidTemplate
{
    private readonly IFluidTemplate _written;
    private readonly IFluidTemplate _template;
    private readonly int _expected;

    private LiquidTemplate(IFluidTemplate template, int sourceLength)
    {
        _written = template;
        _template = new LiquidBounds().VisitTemplate(template);
        _expected = Math.Max(256, sourceLength + sourceLength / 4);
    }

    /// <summary>Parses an author's source; a fault is reported with its place.</summary>
    public static bool TryParse(
        string source, [NotNullWhen(true)] out LiquidTemplate? template, [NotNullWhen(false)] out LiquidProblem? problem) =>
        TryParse(LiquidEngine.AuthorsParser, source, out template, out problem);

    internal static bool TryParse(
        FluidParser parser, string source, [NotNullWhen(true)] out LiquidTemplate? template, [NotNullWhen(false)] out LiquidProblem? problem)
    {
        template = null;
        problem = LiquidShape.Check(source, LiquidTagScanner.Scan(source)) ?? Parse(parser, source, out template);
        return problem is null;
    }

    private static LiquidProblem? Parse(FluidParser parser, string source, out LiquidTemplate? template)
    {
        template = null;
        if (!parser.TryParse(source, out var parsed, out var error))
            return LiquidParseError.Read(error);
        if (new UnknownFilters().In(parsed) is { } filter)
            return LiquidParseError.Locate(source, filter);
        template = new(parsed, source.Length);
        return null;
    }

    /// <summary>True where the source reads the variable, outside comments.</summary>
    internal bool Reads(string variable) => new VariableReads(variable).In(_written);

    /// <summary>Renders, or says why not: a template's own fault is a value here, never an exception.</summary>
    public bool TryRender(
        LiquidInput input, LiquidEscaping escaping, [NotNullWhen(true)] out string? output, [NotNullWhen(false)] out LiquidFailure? failure)
    {
        using var buffer = new PooledBuffer<char>(_expected);
        output = TryRender(input, escaping, buffer, out failure) ? buffer.ToString() : null;
        return output is not null;
    }

    /// <summary>The same, appended to a buffer; after a failure it holds a part.</summary>
    internal bool TryRender(
        LiquidInput input, LiquidEscaping escaping, PooledBuffer<char> output, [NotNullWhen(false)] out LiquidFailure? failure)
    {
        failure = null;
        try
        {
            Render(input, escaping, output);
            return true;
        }
        catch (LiquidLimitException limit)
        {
            failure = new(limit.Code, limit.Message);
        }
        catch (OperationCanceledException) when (input.Cancellation.IsCancellationRequested)
        {
            failure = new(LiquidFailure.TooSlow, "The template took too long.");
        }
        catch (Exception fault) when (LiquidFaults.IsTemplates(fault))
        {
            failure = LiquidFaults.Describe(fault);
        }
        return false;
    }

    private void Render(LiquidInput input, LiquidEscaping escaping, PooledBuffer<char> output)
    {
        var budget = new LiquidBudget(input.Limits, input.Cancellation);
        var context = new TemplateContext(LiquidEngine.Options)
        {
            MaxSteps = input.Limits.MaxSteps,
            TimeZone = TimeZoneInfo.Utc,
            Now = input.Now.ToDateTimeOffset,
        };
        budget.Attach(context);
        input.Links?.Attach(context);
        foreach (var (name, value) in input.Values)
            context.SetValue(name, value);
        var pending = _template.RenderAsync(new BoundedWriter(budget, output), LiquidEncoders.Of(escaping), context);
        if (!pending.IsCompletedSuccessfully)
            pending.AsTask().GetAwaiter().GetResult();
    }
}
