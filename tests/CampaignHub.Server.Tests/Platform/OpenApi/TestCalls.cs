using System.Text.Json;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;
using FastEndpoints;
using FluentValidation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NodaTime;

namespace CampaignHub.Server.Tests.Platform.OpenApi;

/// <summary>A call that takes streamed media and begins work.</summary>
internal sealed class TakesFiles : EndpointWithoutRequest
{
    public override void Configure()
    {
        Post("/files/{token}.csv");
        Description(route => route.ClearDefaultAccepts().WithMetadata(new StreamedBodyRule(["text/csv", "application/x-ndjson"]))
            .WithMetadata(new AccessRule("audience:write"), new AnswerRule([202]), new ConflictRule()));
        Summary(s => s.Summary = "Take files");
    }

    public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
}

/// <summary>A public call with media that are no JSON.</summary>
internal sealed class GivesPixel : EndpointWithoutRequest
{
    public override void Configure()
    {
        Get("/o/{token}.gif");
        AllowAnonymous();
        Description(route => route.Produces(200, contentType: "image/gif").Produces(404, contentType: "text/html"));
        Summary(s => s.Summary = "Give a pixel");
    }

    public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
}

/// <summary>A call that answers JSON, and the same as CSV.</summary>
internal sealed class GivesBoth : EndpointWithoutRequest<Part>
{
    public override void Configure()
    {
        Get("/report");
        AllowAnonymous();
        Description(route => route.Produces(200, contentType: "text/csv"));
        Summary(s => s.Summary = "Give both");
    }

    public override Task HandleAsync(CancellationToken ct) => Task.CompletedTask;
}

public sealed record Part(LocalDate Day, Part? Next);

public sealed class ChangeThingRequest
{
    public string Id { get; set; } = "";

    public string? State { get; set; }

    [FromBody]
    public ThingChange Body { get; set; } = new();
}

public sealed class ThingChange
{
    public string? Name { get; set; }

    public Optional<string> Note { get; set; }

    public Optional<Instant?> At { get; set; }

    public LocalTime? Time { get; set; }

    public int? Weight { get; set; }

    public string[]? Days { get; set; }

    public ThingPart? Part { get; set; }

    public string? Kind { get; set; }

    public Dictionary<string, JsonElement>? Attributes { get; set; }
}

public sealed class ThingPart
{
    public string? Code { get; set; }
}

internal sealed class ChangeThing : Endpoint<ChangeThingRequest, Part>
{
    public override void Configure()
    {
        Patch("/things/{id:guid}");
        Summary(s => s.Summary = "Change a thing");
    }

    public override Task HandleAsync(ChangeThingRequest request, CancellationToken ct) => Task.CompletedTask;

    internal sealed class Rules : Validator<ChangeThingRequest>
    {
        public Rules()
        {
            RuleFor(r => r.State).OneOf("new", "old");
            RuleFor(r => r.Body.Name).NotEmpty().MaximumLength(20);
            RuleFor(r => r.Body.Note.Value).MaximumLength(30).When(r => r.Body.Note.IsSet);
            RuleFor(r => r.Body.Weight).InclusiveBetween(1, 100);
            RuleFor(r => r.Body.Days).NotEmpty().When(r => r.Body.Time is not null);
            RuleForEach(r => r.Body.Days).OneOf("mon", "tue");
            RuleFor(r => r.Body.Kind).OneOf("big", "small");
            RuleFor(r => r.Body.Part!).SetValidator(new PartRules()).When(r => r.Body.Part is not null);
        }
    }

    internal sealed class PartRules : AbstractValidator<ThingPart>
    {
        public PartRules() => RuleFor(p => p.Code).Matches("^[A-Z]{2}$");
    }
}
