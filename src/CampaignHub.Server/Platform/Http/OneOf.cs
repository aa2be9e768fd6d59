using FluentValidation;
using FluentValidation.Validators;

namespace CampaignHub.Server.Platform.Http;

/// <summary>A rule that a value is one of some words; the description lists them.</summary>
public interface IOneOfValidator : IPropertyValidator
{
    IReadOnlyCollection<string> Words { get; }
}

/// <summary>The rule <c>RuleFor(…).OneOf("active", "suspended")</c>. Null passes: ask for a value with <c>NotNull</c>.</summary>
public static class OneOfRule
{
    public static IRuleBuilderOptions<T, string?> OneOf<T>(this IRuleBuilder<T, string?> rule, params IEnumerable<string> words) =>
        rule.SetValidator(new OneOfValidator<T>([.. words]));

    private sealed class OneOfValidator<T>(IReadOnlyCollection<string> words) : PropertyValidator<T, string?>, IOneOfValidator
    {
        /// <summary>The error's code.</summary>
        public override string Name => "invalid";

        public IReadOnlyCollection<string> Words => words;

        public override bool IsValid(ValidationContext<T> context, string? value) => value is null || words.Contains(value);

        protected override string GetDefaultMessageTemplate(string errorCode) => $"It is one of: {string.Join(", ", words)}.";
    }
}
