using CampaignHub.Core;

namespace CampaignHub.Server.Platform.Http;

/// <summary>The catalogue of problems: every error that a caller can see is made here. Documented in docs/problems.md.</summary>
public static class Problems
{
    private const string Prefix = "urn:campaignhub:problem:";

    public static Problem Malformed(string field, string code, string message) =>
        Make("malformed_request", "The request can't be read", 400, message, (field, new FieldProblem(code, message)));

    public static Problem Malformed(string detail) => Make("malformed_request", "The request can't be read", 400, detail);

    public static Problem Unauthorized(string detail) => Make("unauthorized", "A valid API key is needed", 401, detail);

    public static Problem WrongSignature() => Make("wrong_signature", "The signature is wrong", 401, "What is posted here has to be signed, by the secret that was given for it.");

    public static Problem ScopeMissing(string scope) =>
        Make("scope_missing", "The API key lacks a scope", 403, $"This call needs the scope {scope}. Make a key that has it with POST /v1/api-keys.");

    public static Problem OperatorOnly() =>
        Make("operator_only", "Only the operator may do this", 403, "Use the operator key; its place is printed when the service starts.");

    public static Problem TenantSuspended() =>
        Make("tenant_suspended", "The tenant is suspended", 403, "The operator has suspended this tenant. Nothing of it is sent until it is active again.");

    public static Problem NotFound(string what) => Make("not_found", "Not found", 404, $"There is no such {what}.");

    public static Problem MethodNotAllowed(string method) =>
        Make("method_not_allowed", "The method is not allowed here", 405, $"{method} is not allowed on this path.");

    public static Problem StateConflict(string detail) => Make("state_conflict", "The state forbids it", 409, detail);

    public static Problem InUse(string detail) => Make("in_use", "It is still in use", 409, detail);

    public static Problem AlreadyExists(string field, string message) =>
        Make("already_exists", "It exists already", 409, message, (field, new FieldProblem("already_exists", message)));

    public static Problem IdempotencyRunning() =>
        Make("idempotency_key_running", "The first request with this Idempotency-Key is still running", 409,
            "Ask again in a moment: its answer will be given to you.") with
        { RetryAfterSeconds = 1 };

    public static Problem IdempotencyMismatch() =>
        Make("idempotency_key_reused", "This Idempotency-Key was used with another body", 422,
            "Use a new key for a new request.",
            ("Idempotency-Key", new FieldProblem("reused", "Another body was sent with this key in the last 24 hours.")));

    public static Problem TooLarge(long limit) =>
        Make("too_large", "The body is too large", 413, $"A body may have {limit:N0} bytes here.");

    public static Problem UnsupportedMediaType(string expected) =>
        Make("unsupported_media_type", "The media type is not supported", 415, $"Send {expected}.");

    public static Problem Invalid(string field, string code, string message) =>
        Make("invalid", "A value is invalid", 422, message, (field, new FieldProblem(code, message)));

    /// <summary>Several fields; where all of them only aren't built yet, the problem is <see cref="NotSupported"/>.</summary>
    public static Problem Invalid(IReadOnlyDictionary<string, FieldProblem> errors)
    {
        var detail = errors.Count == 1 ? errors.First().Value.Message : $"{errors.Count} fields are invalid.";
        return errors.Values.All(e => e.Code == "not_supported")
            ? Make("not_supported", "Not supported yet", 422, detail) with { Errors = errors }
            : Make("invalid", "A value is invalid", 422, detail) with { Errors = errors };
    }

    /// <summary>Core's findings; of several on one field the first is shown.</summary>
    public static Problem Invalid(IEnumerable<FieldError> errors) =>
        Invalid(errors.GroupBy(e => e.Path).ToDictionary(field => field.Key, field => new FieldProblem(field.First().Code, field.First().Message)));

    public static Problem NotSupported(string field, string message) =>
        Make("not_supported", "Not supported yet", 422, message, (field, new FieldProblem("not_supported", message)));

    public static Problem TooManyRequests(string policy, int limit, int retryAfterSeconds) =>
        Make("too_many_requests", "Too many requests", 429, policy == "failures"
            ? $"{limit} keys or signatures from this network were wrong within an hour."
            : $"The limit '{policy}' is {limit:N0}; header RateLimit-Policy says in how many seconds.") with
        { RetryAfterSeconds = retryAfterSeconds };

    public static Problem Internal() =>
        Make("internal", "Something broke on our side", 500, "The fault has been logged. Try again; with an Idempotency-Key nothing is done twice.");

    public static Problem SecretLost(string detail) => Make("secret_lost", "A stored secret can't be opened", 500, detail);

    public static Problem Unavailable() =>
        Make("unavailable", "A part of the service is away", 503, "The database can't be reached at the moment. Try again shortly.") with { RetryAfterSeconds = 2 };

    public static Problem TooManyWatchers(int most) =>
        Make("too_many_watchers", "Too many watch already", 503, $"This node streams to {most} watchers, and no more. Try again in a while, or poll the report.") with
        { RetryAfterSeconds = 10 };

    private static Problem Make(string code, string title, int status, string? detail, params (string Field, FieldProblem Problem)[] errors) =>
        new()
        {
            Type = Prefix + code,
            Title = title,
            Status = status,
            Detail = detail,
            Errors = errors.Length == 0 ? null : errors.ToDictionary(e => e.Field, e => e.Problem),
        };
}
