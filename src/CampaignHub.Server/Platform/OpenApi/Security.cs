using CampaignHub.Server.Platform.Http;
using Microsoft.OpenApi;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>Who may make a call, in the description's words.</summary>
internal static class Security
{
    public const string Scheme = "api_key";

    public static OpenApiSecurityScheme Bearer { get; } = new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        Description = "`Authorization: Bearer <api key>`: a tenant's API key with the scope that the call names, or `*`; "
            + "for the operator's calls the operator key, whose place is printed when the service starts.",
    };

    public static IList<OpenApiSecurityRequirement> Of(AccessRule? rule, OpenApiDocument document) => rule is null
        ? []
        : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = rule.IsOperatorOnly ? [] : [rule.Scope] }];

    public static string Note(AccessRule? rule) => rule switch
    {
        null => "Needs no key.",
        { IsOperatorOnly: true } => "Only with the operator key.",
        _ => $"Needs the scope `{rule.Scope}`.",
    };
}
