using FastEndpoints;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Explored = Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>
/// The mapped endpoints as Swashbuckle wants them. It is given method and path only: what it would guess about a
/// FastEndpoints request is wrong, so <see cref="CallOperation"/> writes the rest.
/// </summary>
internal sealed class DescribedCalls : IApiDescriptionGroupCollectionProvider
{
    private IEndpointRouteBuilder? routes;

    /// <summary>Every call that the description has; HEAD goes with its GET.</summary>
    public IReadOnlyList<Call> Calls => field ??= [.. Endpoints().Where(IsDescribed).Select(e => new Call(e)).Where(c => c.Method != HttpMethods.Head)];

    public ApiDescriptionGroupCollection ApiDescriptionGroups => new([new ApiDescriptionGroup(null, [.. Calls.Select(Describe)])], 1);

    /// <summary>The routes are read when first asked for, so that those mapped later are in too.</summary>
    public void ReadFrom(IEndpointRouteBuilder mapped) => routes = mapped;

    private IEnumerable<RouteEndpoint> Endpoints() =>
        (routes ?? throw new InvalidOperationException("UseApiDescription has not been called."))
            .DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    /// <summary>Calls of FastEndpoints, and mapped routes that have a summary (the service's own paths).</summary>
    private static bool IsDescribed(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true }
        && (endpoint.Metadata.GetMetadata<EndpointDefinition>() is not null || endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() is not null);

    private static Explored Describe(Call call) => new()
    {
        HttpMethod = call.Method,
        RelativePath = call.Path,
        ActionDescriptor = new ActionDescriptor { DisplayName = call.Id, EndpointMetadata = [] },
        Properties = { [typeof(Call)] = call },
    };
}
