using System.Globalization;
using CampaignHub.Core.Sending.Composing.Links;
using Fluid;
using Fluid.Ast;
using Fluid.Parser;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>The engine as this house sets it up: no files, no reflection, no .NET formats, no machine's time zone.</summary>
internal static class LiquidEngine
{
    // Other templates can't be named (there are no files); ifchanged buffers its output outside the limits.
    private static readonly string[] RemovedTags = ["include", "render", "ifchanged"];

    /// <summary>Reads what authors write.</summary>
    public static FluidParser AuthorsParser { get; } = Create();

    /// <summary>Also knows the tags that <see cref="MessageTags"/> puts in; authors can't name them.</summary>
    public static FluidParser PreparedParser { get; } = MessageTags.Register(Create());

    public static TemplateOptions Options { get; } = CreateOptions();

    private static FluidParser Create()
    {
        var parser = new FluidParser(new FluidParserOptions { AllowFunctions = false, AllowParentheses = false });
        foreach (var tag in RemovedTags)
            parser.RegisteredTags.Remove(tag);
        return parser;
    }

    private static TemplateOptions CreateOptions()
    {
        var options = new TemplateOptions { CultureInfo = CultureInfo.InvariantCulture, TimeZone = TimeZoneInfo.Utc };
        options.MemberAccessStrategy = new NoMembers();
        LiquidFilters.Guard(options.Filters);
        options.Assigned = (_, value, context) =>
        {
            LiquidBudget.Of(context).CheckValue(value);
            return ValueTask.FromResult(value);
        };
        return options;
    }

    private sealed class NoMembers : MemberAccessStrategy
    {
        public override IMemberAccessor? GetAccessor(Type type, string name) => null;

        public override void Register(Type type, IEnumerable<KeyValuePair<string, IMemberAccessor>> accessors)
        {
            // CLR members stay out of a template's reach.
        }
    }
}
