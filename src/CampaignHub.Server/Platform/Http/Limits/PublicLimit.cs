namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>Which limit a public address is under: it is taken before anything of the request is read.</summary>
internal enum PublicLimit
{
    Pages,
    Hooks,
}

/// <summary>Takes the allowance of whoever asks for a public address that says which (<see cref="PublicLimit"/>). Pixels, redirects and unsubscribing say none: no hit may be lost, and nobody kept.</summary>
internal sealed class PublicLimiter(RequestDelegate next, RateLimits limits)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<PublicLimitRule>() is { } rule)
            await limits.TakeAsync(context, rule.Limit == PublicLimit.Pages ? limits.Pages : limits.Hooks, RateLimits.NetworkOf(context));
        await next(context);
    }
}

/// <summary>A public address's limit.</summary>
internal sealed record PublicLimitRule(PublicLimit Limit);
