using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.OpenApi;
using FastEndpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignHub.Server.Tests.Platform.OpenApi;

/// <summary>Descriptions to look at: the service's own, and one of endpoints that only tests have.</summary>
internal static class Described
{
    public static string Service()
    {
        using var app = ServiceHost.BuildToDescribe();
        return ApiDescription.Describe(app.Services);
    }

    /// <summary>Of the given endpoint types of this assembly (their nested types with them).</summary>
    public static JsonNode Only(params Type[] endpoints)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddApiDescription().AddFastEndpoints(discovery =>
        {
            discovery.DisableAutoDiscovery = true;
            discovery.Assemblies = [typeof(Described).Assembly];
            discovery.Filter = type => endpoints.Contains(type) || endpoints.Contains(type.DeclaringType);
        });
        using var app = builder.Build();
        app.UseApi(); // FastEndpoints' settings are static: without the API's own, services of other tests would lose theirs.
        app.UseApiDescription();
        return JsonNode.Parse(ApiDescription.Describe(app.Services))!;
    }

    public static IEnumerable<(string Path, string Method, JsonObject Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!.AsObject());

    /// <summary>A file of the repository, found from the folder that tests run in.</summary>
    public static string RepositoryFile(string relative)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CampaignHub.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.ShouldNotBeNull().FullName, relative);
    }
}
