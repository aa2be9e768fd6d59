using CampaignHub.Server.Platform.Json;
using FluentValidation;

namespace CampaignHub.Server.Campaigns;

/// <summary>Fields of a template; an absent one stays.</summary>
public class TemplateChange
{
    /// <summary>A name for people: 1 to 200 characters.</summary>
    /// <example>Newsletter</example>
    public Optional<string> Name { get; set; }

    /// <summary>The subject of campaigns that have none of their own: Liquid, one line of at most 998 characters; null: none.</summary>
    public Optional<string> Subject { get; set; }

    /// <summary>The HTML part: Liquid, at most 500,000 characters.</summary>
    /// <example>&lt;p&gt;Hello {{ recipient.first_name }}&lt;/p&gt;</example>
    public Optional<string> Html { get; set; }

    /// <summary>The text part: Liquid, at most 500,000 characters; null: made from the HTML.</summary>
    public Optional<string> Text { get; set; }

    internal Template ApplyTo(Template template) => template with
    {
        Name = Name.Or(template.Name)!.Trim(),
        Subject = Subject.Or(template.Subject),
        Html = Html.Or(template.Html)!,
        Text = Text.Or(template.Text),
    };

    internal sealed class Rules : AbstractValidator<TemplateChange>
    {
        public Rules()
        {
            RuleFor(t => t.Name.Value).NotEmpty().MaximumLength(200).When(t => t.Name.IsSet);
            RuleFor(t => t.Html.Value).NotEmpty().When(t => t.Html.IsSet);
        }
    }
}
