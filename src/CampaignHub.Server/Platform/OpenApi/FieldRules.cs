using System.Linq.Expressions;
using FluentValidation;
using FluentValidation.Validators;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>The validators' rules by the field that they judge, so that the schemas say what is checked and nothing is said twice.</summary>
internal sealed class FieldRules
{
    private readonly Dictionary<(Type Owner, string Property), FieldRule> rules = [];
    private readonly IServiceProvider services;

    public FieldRules(DescribedCalls described, IServiceProvider services)
    {
        this.services = services;
        foreach (var validator in described.Calls.Select(call => call.Definition?.ValidatorType).OfType<Type>().Distinct())
            Read(validator);
    }

    /// <summary>The rules of a property, also of one that the type inherits.</summary>
    public FieldRule Of(Type owner, string property)
    {
        for (var type = owner; type is not null; type = type.BaseType)
            if (rules.TryGetValue((type, property), out var rule))
                return rule;
        return FieldRule.None;
    }

    private void Read(Type validatorType)
    {
        var validator = (IValidator)ActivatorUtilities.CreateInstance(services, validatorType);
        foreach (var rule in validator.CreateDescriptor().Rules)
            Read(rule);
    }

    private void Read(IValidationRule rule)
    {
        foreach (var child in rule.Components.Select(c => c.Validator).OfType<IChildValidatorAdaptor>())
            Read(child.ValidatorType);
        if (Field(rule.Expression) is not { } field)
            return;
        if (!rules.TryGetValue(field, out var known))
            rules[field] = known = new FieldRule();
        var ofItems = rule.GetType().GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICollectionRule<,>));
        foreach (var component in rule.Components)
            known.Add(component.Validator, ofItems, isConditional: rule.HasCondition || component.HasCondition);
    }

    /// <summary>The last property that the expression reads: <c>r => r.Body.Name.Value</c> judges <c>Name</c> of the body.</summary>
    private static (Type, string)? Field(LambdaExpression? expression)
    {
        var member = expression?.Body as MemberExpression;
        if (member?.Expression is MemberExpression outer && WireContracts.IsOptional(outer.Type))
            member = outer;
        return member?.Expression is { } owner ? (owner.Type, member.Member.Name) : null;
    }
}
