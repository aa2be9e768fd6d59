namespace CampaignHub.Server.Platform.Http;

/// <summary>Who makes a request: a tenant's API key, or the operator.</summary>
public sealed record Caller(Guid TenantId, Guid? ApiKeyId, IReadOnlyCollection<string> Scopes)
{
    /// <summary>The operator stands outside every tenant: under the zero id.</summary>
    public static Caller Operator { get; } = new(Guid.Empty, null, []);

    public bool IsOperator => TenantId == Guid.Empty;
}

/// <summary>What a call needs of its caller; endpoint metadata that the authentication reads.</summary>
/// <param name="Scope">A scope of the contract, or <see cref="OperatorScope"/>.</param>
public sealed record AccessRule(string Scope)
{
    public const string OperatorScope = "operator";

    public bool IsOperatorOnly => Scope == OperatorScope;
}
