namespace CampaignHub.Server.Platform.Http;

/// <summary>A call that only the operator may make. Its transaction sees no tenant until it names some.</summary>
public abstract class OperatorEndpoint<TRequest, TResponse> : ApiEndpoint<TRequest, TResponse> where TRequest : notnull
{
    protected void OperatorOnly() => Access(AccessRule.OperatorScope);
}
