namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>The types that callers send: bodies and what they are made of. In them an unknown field is refused.</summary>
internal sealed class RequestTypes
{
    private readonly HashSet<Type> types = [];

    public RequestTypes(DescribedCalls described)
    {
        foreach (var call in described.Calls)
            if (call.Request?.Body is { } body)
                Add(body.PropertyType);
    }

    public bool Contains(Type type) => types.Contains(type);

    private void Add(Type given)
    {
        var type = WireContracts.Unwrap(given);
        if (type.IsArray || type.IsGenericType)
            foreach (var part in type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments())
                Add(part);
        else if (type.Assembly.GetName().Name!.StartsWith("CampaignHub", StringComparison.Ordinal) && types.Add(type))
            foreach (var property in type.GetProperties())
                Add(property.PropertyType);
    }
}
