using System.Data;
using Dapper;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace CampaignHub.Server.Platform.Database;

/// <summary>Teaches Dapper NodaTime's types. Without it an Instant parameter throws, and reading one silently gives 1970.</summary>
internal static class DapperTypes
{
    private static readonly Lock Gate = new();
    private static bool registered;

    public static void Register()
    {
        lock (Gate)
        {
            if (registered)
                return;
            registered = true;
            DefaultTypeMap.MatchNamesWithUnderscores = true;
            SqlMapper.AddTypeHandler(new NodaHandler<Instant>(NpgsqlDbType.TimestampTz));
            SqlMapper.AddTypeHandler(new NodaHandler<LocalDate>(NpgsqlDbType.Date));
            SqlMapper.AddTypeHandler(new NodaHandler<LocalTime>(NpgsqlDbType.Time));
            SqlMapper.AddTypeHandler(new NodaHandler<LocalDateTime>(NpgsqlDbType.Timestamp));
            SqlMapper.AddTypeHandler(new InstantArrayHandler());
        }
    }

    private sealed class NodaHandler<T>(NpgsqlDbType type) : SqlMapper.TypeHandler<T> where T : struct
    {
        public override T Parse(object value) => (T)value;

        public override void SetValue(IDbDataParameter parameter, T value)
        {
            parameter.Value = value;
            ((NpgsqlParameter)parameter).NpgsqlDbType = type;
        }
    }

    private sealed class InstantArrayHandler : SqlMapper.TypeHandler<Instant[]>
    {
        public override Instant[] Parse(object value) => (Instant[])value;

        public override void SetValue(IDbDataParameter parameter, Instant[]? value)
        {
            parameter.Value = value ?? (object)DBNull.Value;
            ((NpgsqlParameter)parameter).NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz;
        }
    }
}
