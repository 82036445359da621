using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Orchestrator.Tests.TSql;

/// <summary>A connection to a <see cref="Recording" />.</summary>
internal sealed class RecordingConnection(Recording recording) : DbConnection
{
    private ConnectionState state = ConnectionState.Closed;

    [AllowNull]
    public override string ConnectionString { get; set; } = "";

    public override string Database => "recording";

    public override string DataSource => "recording";

    public override string ServerVersion => "13.0";

    public override ConnectionState State => state;

    public override void Open() => state = ConnectionState.Open;

    public override void Close() => state = ConnectionState.Closed;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        new Transaction(this, isolationLevel);

    protected override DbCommand CreateDbCommand() => new Command(this, recording);

    private sealed class Transaction(RecordingConnection connection, IsolationLevel level) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => level;

        protected override DbConnection DbConnection => connection;

        public override void Commit()
        {
            // There is nothing behind it.
        }

        public override void Rollback()
        {
            // There is nothing behind it.
        }
    }

    /// <summary>Its parameters are those of another driver, which keep what they are given.</summary>
    private sealed class Command(RecordingConnection connection, Recording recording) : DbCommand
    {
        private readonly SqliteCommand holder = new();

        [AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; } = 30;

        public override CommandType CommandType { get; set; } = CommandType.Text;

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; } = connection;

        protected override DbParameterCollection DbParameterCollection => holder.Parameters;

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
            // It never takes time.
        }

        public override void Prepare()
        {
            // There is nobody to prepare it.
        }

        public override int ExecuteNonQuery()
        {
            var rows = Send();
            return rows.Rows.Count == 0 ? 1 : (int)rows.Rows[0][0];
        }

        public override object? ExecuteScalar()
        {
            var rows = Send();
            return rows.Rows.Count == 0 ? null : rows.Rows[0][0];
        }

        protected override DbParameter CreateDbParameter() => holder.CreateParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Send().CreateDataReader();

        protected override void Dispose(bool disposing)
        {
            if (disposing) holder.Dispose();
            base.Dispose(disposing);
        }

        private DataTable Send()
        {
            recording.Keep(new SentStatement(
                CommandText,
                [.. holder.Parameters.Cast<DbParameter>().Select(parameter => new SentParameter(
                    parameter.ParameterName.TrimStart('@'), parameter.DbType, parameter.Size, parameter.Value))]));
            return recording.RowsFor(CommandText);
        }
    }
}
