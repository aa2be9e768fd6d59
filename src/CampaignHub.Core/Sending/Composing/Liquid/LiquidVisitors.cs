using Fluid;
using Fluid.Ast;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>Finds the first filter that doesn't exist: the engine would pass its input through in silence.</summary>
internal sealed class UnknownFilters : AstVisitor
{
    private string? _found;

    public string? In(IFluidTemplate template)
    {
        VisitTemplate(template);
        return _found;
    }

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        base.VisitFilterExpression(filterExpression);
        if (!LiquidEngine.Options.Filters.TryGetValue(filterExpression.Name, out _))
            _found ??= filterExpression.Name;
        return filterExpression;
    }
}

/// <summary>Tells whether a template reads a variable at all.</summary>
internal sealed class VariableReads(string variable) : AstVisitor
{
    private bool _found;

    public bool In(IFluidTemplate template)
    {
        VisitTemplate(template);
        return _found;
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        _found |= memberExpression.Segments is [IdentifierSegment first, ..]
            && first.Identifier.Equals(variable, StringComparison.OrdinalIgnoreCase);
        return memberExpression;
    }
}
