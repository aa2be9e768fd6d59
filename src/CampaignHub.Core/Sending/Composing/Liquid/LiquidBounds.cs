using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Values;

namespace CampaignHub.Core.Sending.Composing.Liquid;

/// <summary>Replaces the parts of a parsed template that could use memory or time without a step being counted.</summary>
internal sealed class LiquidBounds : AstRewriter
{
    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new BoundedRange(rangeExpression);

    protected override Expression VisitContainsBinaryExpression(ContainsBinaryExpression containsBinaryExpression) =>
        new ContainsBinaryExpression(
            new ChargedExpression(Visit(containsBinaryExpression.Left)), Visit(containsBinaryExpression.Right));

    protected override Expression VisitEqualBinaryExpression(EqualBinaryExpression equalBinaryExpression) =>
        new EqualBinaryExpression(new ChargedExpression(Visit(equalBinaryExpression.Left)), Visit(equalBinaryExpression.Right));

    protected override Expression VisitNotEqualBinaryExpression(NotEqualBinaryExpression notEqualBinaryExpression) =>
        new NotEqualBinaryExpression(new ChargedExpression(Visit(notEqualBinaryExpression.Left)), Visit(notEqualBinaryExpression.Right));

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement) =>
        new BoundedCapture(captureStatement.Identifier, [.. captureStatement.Statements.Select(Visit).OfType<Statement>()]);

    /// <summary>A range makes its whole list at once: its length is judged first.</summary>
    private sealed class BoundedRange(RangeExpression range) : Expression
    {
        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            var from = (await range.From.EvaluateAsync(context)).ToNumberValue();
            var to = (await range.To.EvaluateAsync(context)).ToNumberValue();
            var budget = LiquidBudget.Of(context);
            budget.CheckItems(to - from);
            budget.ChargeWork((long)Math.Max(1, to - from));
            return await range.EvaluateAsync(context);
        }
    }

    /// <summary><c>contains</c> and <c>==</c> read all of their left side.</summary>
    private sealed class ChargedExpression(Expression inner) : Expression
    {
        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            var value = await inner.EvaluateAsync(context);
            LiquidBudget.Of(context).ChargeWork(LiquidBudget.Size(value));
            return value;
        }
    }

    /// <summary>Captured text counts as output; like the engine's own, it is not escaped a second time.</summary>
    private sealed class BoundedCapture(string identifier, IReadOnlyList<Statement> statements) : Statement
    {
        public override async ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
        {
            context.IncrementSteps();
            var budget = LiquidBudget.Of(context);
            using var captured = new PooledBuffer<char>();
            var completion = await statements.RenderStatementsAsync(new BoundedWriter(budget, captured), encoder, context);
            var text = captured.ToString();
            budget.CheckString(text.Length);
            context.SetValue(identifier, new StringValue(text, encode: false));
            return completion;
        }
    }
}
