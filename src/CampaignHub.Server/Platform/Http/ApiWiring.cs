using System.Text.Json;
using CampaignHub.Server.Platform.Http.Limits;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using FluentValidation;
using FluentValidation.Results;

namespace CampaignHub.Server.Platform.Http;

/// <summary>Puts the API's rules (strict JSON, keys, problems) around FastEndpoints.</summary>
internal static class ApiWiring
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddSingleton(typeof(IRequestBinder<>), typeof(StrictBinder<>));
        services.AddFastEndpoints(discovery =>
        {
            discovery.DisableAutoDiscovery = true;
            discovery.Assemblies = [typeof(ApiWiring).Assembly];
        });
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton<Cursors>();
        services.AddSingleton<RateLimits>().AddSingleton<RateLimitMetrics>();
        services.ConfigureHttpJsonOptions(json => ApiJson.Apply(json.SerializerOptions));
        return services;
    }

    public static WebApplication UseApi(this WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseMiddleware<PublicLimiter>();
        app.UseMiddleware<ApiKeyAuthentication>();
        // Rules name fields as the wire does, without the "body" that holds them.
        ValidatorOptions.Global.PropertyNameResolver = (_, member, _) => member is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
        ValidatorOptions.Global.DisplayNameResolver = (_, member, _) => member is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name);
        app.UseFastEndpoints(fast =>
        {
            ApiJson.Apply(fast.Serializer.Options);
            fast.Errors.StatusCode = StatusCodes.Status422UnprocessableEntity;
            fast.Errors.ContentType = "application/problem+json";
            fast.Errors.ResponseBuilder = (failures, _, _) => Problems.Invalid(FieldErrors(failures));
        });
        return app;
    }

    private static Dictionary<string, FieldProblem> FieldErrors(IEnumerable<ValidationFailure> failures) =>
        failures.GroupBy(f => FieldPath(f.PropertyName)).ToDictionary(
            field => field.Key,
            field => new FieldProblem(Code(field.First()), field.First().ErrorMessage));

    // Rules of an optional field judge its value, and those of a list its items: body.days.value[1] is days[1].
    private static string FieldPath(string property)
    {
        var path = property.StartsWith("body.", StringComparison.Ordinal) ? property["body.".Length..] : property;
        return (path.EndsWith(".value", StringComparison.Ordinal) ? path[..^".value".Length] : path).Replace(".value[", "[", StringComparison.Ordinal);
    }

    private static string Code(ValidationFailure failure) => failure.ErrorCode switch
    {
        "NotEmptyValidator" or "NotNullValidator" => "required",
        "MaximumLengthValidator" or "LengthValidator" => "too_long",
        "InclusiveBetweenValidator" or "GreaterThanOrEqualValidator" or "LessThanOrEqualValidator" => "out_of_range",
        "PredicateValidator" or "RegularExpressionValidator" or null => "invalid",
        var own => own,
    };
}
