using System.Text.Json;
using System.Text.RegularExpressions;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using Microsoft.AspNetCore.Http.Metadata;
using Explored = Microsoft.AspNetCore.Mvc.ApiExplorer.ApiDescription;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>One call of the API: what its endpoint, request type and comments say of it.</summary>
internal sealed partial class Call(RouteEndpoint endpoint)
{
    private static readonly string[] MethodOrder = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    public EndpointDefinition? Definition { get; } = endpoint.Metadata.GetMetadata<EndpointDefinition>();

    public EndpointMetadataCollection Metadata => endpoint.Metadata;

    public string Method { get; } = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is [var method, ..] ? method : HttpMethods.Get;

    /// <summary>Without its first slash, and without constraints: <c>v1/lists/{id}</c>.</summary>
    public string Path { get; } = Constraint().Replace(endpoint.RoutePattern.RawText!.Trim('/'), "{$1}");

    public IEnumerable<string> RouteParameters => endpoint.RoutePattern.Parameters.Select(p => p.Name);

    /// <summary>What it needs of its caller; null if anybody may call it.</summary>
    public AccessRule? Access => Metadata.GetMetadata<AccessRule>();

    /// <summary>A POST with a key may be repeated under an <c>Idempotency-Key</c>.</summary>
    public bool TakesIdempotencyKey => Access is not null && HttpMethods.IsPost(Method);

    public RequestShape? Request => Definition is null ? null : new RequestShape(Definition.ReqDtoType);

    /// <summary>Where readers look for it: the room that it lives in, unless it names another by <c>Tags</c>.</summary>
    public Room Room => Room.Named(Definition?.EndpointTags?.FirstOrDefault()) ?? Room.Of(Definition?.EndpointType);

    public string SortKey => FormattableString.Invariant($"{Room.Order:D2} {Path} {Array.IndexOf(MethodOrder, Method)}");

    public string Id => Definition is null
        ? Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? ""
        : JsonNamingPolicy.CamelCase.ConvertName(Definition.EndpointType.Name);

    public string? Summary => Definition is null ? Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary : Definition.EndpointSummary?.Summary;

    public string? Description => Definition is null
        ? Metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description
        : Definition.EndpointSummary?.Description is { Length: > 0 } own ? own : XmlDocs.Summary(Definition.EndpointType);

    public static Call Of(Explored api) => (Call)api.Properties[typeof(Call)];

    [GeneratedRegex(@"\{\*{0,2}([^}:?=]+)[^}]*\}")]
    private static partial Regex Constraint();
}
