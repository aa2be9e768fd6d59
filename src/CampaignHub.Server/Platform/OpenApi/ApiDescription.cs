using CampaignHub.Server.Platform.Json;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>
/// The API described by itself, as OpenAPI 3.1: read from the endpoints, their requests, rules, answers and XML comments.
/// The same text is served, printed by <c>hub openapi</c> and committed as <c>openapi/campaignhub.v1.json</c>.
/// </summary>
public static class ApiDescription
{
    public const string Path = "/swagger/v1/swagger.json";
    private const string Version = "v1";

    public static IServiceCollection AddApiDescription(this IServiceCollection services)
    {
        services.AddSingleton<DescribedCalls>();
        services.AddSingleton<IApiDescriptionGroupCollectionProvider>(s => s.GetRequiredService<DescribedCalls>());
        services.AddSingleton<FieldRules>().AddSingleton<RequestTypes>();
        services.TryAddSingleton<ISerializerDataContractResolver>(new WireContracts(new JsonSerializerDataContractResolver(ApiJson.Options)));
        services.AddSwaggerGen(Configure);
        return services;
    }

    /// <summary>Serves the description and, at <c>/swagger</c>, its reader. Call it after all endpoints are mapped.</summary>
    public static WebApplication UseApiDescription(this WebApplication app)
    {
        app.Services.GetRequiredService<DescribedCalls>().ReadFrom(app);
        var text = new Lazy<string>(() => Describe(app.Services));
        app.MapGet(Path, () => Results.Text(text.Value, "application/json")).ExcludeFromDescription();
        app.UseSwaggerUI(reader =>
        {
            reader.DocumentTitle = "CampaignHub API";
            reader.SwaggerEndpoint(Path, "CampaignHub " + Version);
        });
        return app;
    }

    /// <summary>The description as indented JSON; the same endpoints give the same bytes. Opens no database and starts nothing.</summary>
    public static string Describe(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        var document = scope.ServiceProvider.GetRequiredService<ISwaggerProvider>().GetSwagger(Version);
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        return text.ToString();
    }

    private static OpenApiInfo Info => new()
    {
        Title = "CampaignHub",
        Version = Version,
        Description = "Email campaigns that reach every recipient at the best hour of their own day, and the data that comes back. "
            + "Errors are RFC 9457 problem details; fields that are not listed here are refused.",
        License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
    };

    private static void Configure(SwaggerGenOptions swagger)
    {
        swagger.SwaggerDoc(Version, Info);
        swagger.AddServer(new OpenApiServer { Url = "/" });
        swagger.AddSecurityDefinition(Security.Scheme, Security.Bearer);
        swagger.SupportNonNullableReferenceTypes();
        swagger.MapWireTypes();
        swagger.TagActionsBy(api => [Call.Of(api).Room.Name]);
        swagger.OrderActionsBy(api => Call.Of(api).SortKey);
        foreach (var file in XmlDocs.Files)
            swagger.IncludeXmlComments(file);
        swagger.SchemaFilter<FieldSchemas>();
        swagger.OperationFilter<CallOperation>();
        swagger.DocumentFilter<SharedParts>();
    }
}
