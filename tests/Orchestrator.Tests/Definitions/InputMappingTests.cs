using System.Text;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;

namespace Orchestrator.Tests.Definitions;

public sealed class InputMappingTests
{
    [Fact]
    public void A_step_that_names_no_input_gets_the_sagas_input_byte_for_byte()
    {
        var input = JsonData.FromText("{ \"a\" : 1.50 }");

        var mapped = InputMapping.WholeInput.Map(new MappingSource { Input = input });

        mapped.Should().Be(new Mapped(input, null));
    }

    [Fact]
    public void Queries_are_filled_in_at_any_depth()
    {
        var source = new MappingSource
        {
            Input = JsonData.FromText("""{"sku":"A1","lines":[{"n":1},{"n":2.00}]}"""),
            Saga = JsonData.FromText("""{"id":"s1","tags":{"shop":"north"}}"""),
            Outputs = { ["reserve-stock"] = JsonData.FromText("""{"id":"r7"}""") },
        };

        var mapped = Map(
            """{"sku":"$.input.sku","deep":[{"n":"$.input.lines[-1].n"},"x",true,3],"r":"$.steps.reserve-stock.output.id","shop":"$.saga.tags.shop"}""",
            source);

        mapped.Gap.Should().BeNull();
        mapped.Data.ToString().Should().Be("""{"sku":"A1","deep":[{"n":2.00},"x",true,3],"r":"r7","shop":"north"}""");
    }

    [Theory]
    [InlineData("""{"a":"$$5"}""", """{"a":"$5"}""")]
    [InlineData("\"$$\"", "\"$\"")]
    [InlineData("\"$$$.input\"", "\"$$.input\"")]
    [InlineData("\"a$.input\"", "\"a$.input\"")]
    [InlineData("""{"$.input":1}""", """{"$.input":1}""")]
    [InlineData(""" [ 1.0 , "ä\n\"" , null , {} , [] ] """, """[1.0,"ä\n\"",null,{},[]]""")]
    public void A_value_without_queries_is_sent_as_written(string written, string expected) =>
        Map(written, new MappingSource()).Should().Be(new Mapped(JsonData.FromText(expected), null));

    [Theory]
    [InlineData("$.input.a", """{"a":{"b":[1, 2]}}""", """{"b":[1, 2]}""")]
    [InlineData("$.input", " [ 1] ", "[ 1]")]
    [InlineData("$.input[0]", "[10,20,30]", "10")]
    [InlineData("$.input[2]", "[10,20,30]", "30")]
    [InlineData("$.input[-3]", "[10,20,30]", "10")]
    [InlineData("$['input']['a b']", """{"a b":1}""", "1")]
    [InlineData("""$["input"]["a\"b"]""", """{"a\"b":1}""", "1")]
    [InlineData("$.input['it\\'s']", """{"it's":1}""", "1")]
    [InlineData("$.input['\\u00e4\\ud83d\\ude00']", """{"ä😀":1}""", "1")]
    [InlineData("$.input.ä", """{"\u00e4":1}""", "1")]
    [InlineData("$.input['\\n\\t\\/\\\\']", """{"\n\t/\\":1}""", "1")]
    [InlineData("$ .input [ 0 ] .a", """[{"a":1}]""", "1")]
    [InlineData("$.input['']", """{"":1}""", "1")]
    [InlineData("$.input.a-b_c", """{"a-b_c":1}""", "1")]
    public void A_query_finds(string query, string input, string expected)
    {
        var mapped = Map(Quote(query), MappingSource.WithInput(input));

        mapped.Gap.Should().BeNull();
        mapped.Data.ToString().Should().Be(expected);
    }

    [Theory]
    [InlineData("$.input.b", """{"a":1}""")]
    [InlineData("$.input.a.b", """{"a":1}""")]
    [InlineData("$.input.a", "[1]")]
    [InlineData("$.input[0]", """{"0":1}""")]
    [InlineData("$.input[3]", "[10,20,30]")]
    [InlineData("$.input[-4]", "[10,20,30]")]
    [InlineData("$.input[0]", "[]")]
    [InlineData("$.input.a", "null")]
    [InlineData("$.input[9007199254740991]", "[1]")]
    [InlineData("$.steps.other.output.id", "{}")]
    public void What_a_query_does_not_find_is_null_and_named(string query, string input)
    {
        var mapped = Map($$"""{"x":{{Quote(query)}},"y":2}""", MappingSource.WithInput(input));

        mapped.Data.ToString().Should().Be("""{"x":null,"y":2}""");
        mapped.Gap.Should().Be(new MappingGap(query, GapCause.Missing));
    }

    [Fact]
    public void The_first_missing_query_as_written_is_the_one_named()
    {
        var mapped = Map("""["$.input.a","$.input.z","$.steps.s.output","$.input.y"]""", MappingSource.WithInput("""{"a":1}"""));

        mapped.Data.ToString().Should().Be("[1,null,null,null]");
        mapped.Gap.Should().Be(new MappingGap("$.input.z", GapCause.Missing));
    }

    [Fact]
    public void An_explicit_null_is_present()
    {
        Map("""["$.input.a"]""", MappingSource.WithInput("""{"a":null}"""))
            .Should().Be(new Mapped(JsonData.FromText("[null]"), null));
        Map("\"$.input\"", new MappingSource()).Should().Be(new Mapped(JsonData.Null, null));
    }

    [Fact]
    public void Of_a_name_that_occurs_twice_the_last_value_counts()
    {
        var source = MappingSource.WithInput("""{"a":{"x":1,"y":2},"b":0,"a":{"y":3}}""");

        var mapped = Map("""["$.input.a.x","$.input.a.y","$.input.a"]""", source);

        mapped.Data.ToString().Should().Be("""[null,3,{"y":3}]""");
        mapped.Gap.Should().Be(new MappingGap("$.input.a.x", GapCause.Missing));
    }

    [Fact]
    public void The_same_item_can_be_read_from_both_ends_and_twice()
    {
        var source = MappingSource.WithInput("""[[1,2],{"k":[7]}]""");

        Map("""["$.input[1].k[0]","$.input[-1].k[-1]","$.input[0]","$.input[0][1]","$.input[0]"]""", source)
            .Data.ToString().Should().Be("[7,7,[1,2],2,[1,2]]");
    }

    [Fact]
    public void Half_a_surrogate_pair_in_the_input_is_passed_on_and_found_by_no_query()
    {
        var source = MappingSource.WithInput("""{"\ud800":1,"ä":2,"v":"\ud800"}""");

        Map("""["$.input.ä","$.input.v"]""", source).Data.ToString().Should().Be("""[2,"\ud800"]""");
    }

    [Fact]
    public void A_mapping_names_the_steps_it_reads()
    {
        var mapping = Compile("""{"a":"$.steps.one.output","b":["$.steps['t.w'].output.x","$.steps.one.output.y","$.input"]}""");

        mapping.ReadsStepsOf.Should().BeEquivalentTo("one", "t.w");
        InputMapping.WholeInput.ReadsStepsOf.Should().BeEmpty();
    }

    [Theory]
    [InlineData("$", "begins with $.input, $.saga or $.steps")]
    [InlineData("$input", "expected \".\" or \"[\"")]
    [InlineData("$.", "a name is missing")]
    [InlineData("$.input..a", "finds many values")]
    [InlineData("$.input.*", "finds many values")]
    [InlineData("$.input[*]", "finds many values")]
    [InlineData("$.input[0,1]", "finds many values")]
    [InlineData("$.input[0:2]", "finds many values")]
    [InlineData("$.input[?@.a]", "finds many values")]
    [InlineData("$.input[:2]", "finds many values")]
    [InlineData("$.input[01]", "no whole number")]
    [InlineData("$.input[-0]", "no whole number")]
    [InlineData("$.input[-]", "no whole number")]
    [InlineData("$.input[9007199254740992]", "no whole number")]
    [InlineData("$.input[99999999999999999999]", "no whole number")]
    [InlineData("$.input[-9223372036854775808]", "no whole number")]
    [InlineData("$.input[a]", "expected a quoted name or an index")]
    [InlineData("$.input[", "expected a quoted name or an index")]
    [InlineData("$.input['a'", "expected \"]\"")]
    [InlineData("$.input['a", "the closing ' is missing")]
    [InlineData("$.input['\\x']", "escape")]
    [InlineData("$.input['\\\"']", "escape")]
    [InlineData("$.input['\\ud800']", "escape")]
    [InlineData("$.input['\\udc00']", "escape")]
    [InlineData("$.input['\\ud800\\u0041']", "escape")]
    [InlineData("$.input['\\u12']", "escape")]
    [InlineData("$.input['\\", "escape")]
    [InlineData("$.input['\u0001']", "control character")]
    [InlineData("$.input. a", "a name is missing")]
    [InlineData("$.input.2nd", "write ['2nd']")]
    [InlineData("$.input.-a", "write ['-a']")]
    [InlineData("$.input.a ", "ends with a blank")]
    [InlineData("$.input.a+1", "expected \".\" or \"[\"")]
    [InlineData("$.inptu.a", "Did you mean \"input\"?")]
    [InlineData("$[0]", "begins with $.input, $.saga or $.steps")]
    [InlineData("$.steps", "only its output can be read")]
    [InlineData("$.steps.a", "only its output can be read")]
    [InlineData("$.steps.a.result", "only its output can be read")]
    [InlineData("$.steps[0].output", "only its output can be read")]
    [InlineData("$.saga.ids", "Did you mean \"id\"?")]
    [InlineData("$.saga[0]", "no such field")]
    [InlineData("$.saga.id.x", "has no parts")]
    public void What_is_no_query_is_a_problem_with_its_place(string query, string says)
    {
        var compiled = InputMapping.Compile(JsonData.FromText($$"""{"a":[1,{{Quote(query)}}]}"""));

        compiled.Mapping.Should().BeNull();
        var problem = compiled.Problems.Should().ContainSingle().Subject;
        problem.Path.Should().Be("a[1]");
        problem.Line.Should().Be(1);
        problem.Message.Should().Contain(says);
    }

    [Fact]
    public void A_query_is_bounded_in_length_parts_and_number()
    {
        Problems($"$.input.{new string('a', DefinitionLimits.QueryLength)}").Should().Contain("longer than");
        Problems($"$.input{string.Concat(Enumerable.Repeat(".a", DefinitionLimits.QuerySelectors))}").Should().Contain("parts");
        var many = $"[{string.Join(',', Enumerable.Repeat("\"$.input\"", DefinitionLimits.Queries + 1))}]";
        InputMapping.Compile(JsonData.FromText(many)).Problems.Single().Message.Should().Contain("queries");

        static string Problems(string query) =>
            InputMapping.Compile(JsonData.FromText(Quote(query))).Problems.Single().Message;
    }

    [Fact]
    public void All_problems_of_a_value_come_at_once() =>
        InputMapping.Compile(JsonData.FromText("""{"a":"$x","b":["$.saga.x","$.input"],"c":"$.steps"}"""))
            .Problems.Select(problem => problem.Path).Should().Equal("a", "b[0]", "c");

    [Fact]
    public void A_value_that_is_no_json_is_a_problem() =>
        InputMapping.Compile(JsonData.FromText("{")).Problems.Single().Message.Should().StartWith("This is not JSON");

    [Fact]
    public void Mappings_written_alike_are_equal()
    {
        Compile("""{ "a" : "$.input.b" }""").Should().Be(Compile("""{"a":"$.input.b"}"""));
        Compile("\"$.input\"").Should().Be(InputMapping.WholeInput);
        Compile("""{"a":"$.input.b"}""").Should().NotBe(Compile("""{"a":"$.input['b']"}"""));
    }

    [Fact]
    public void Mapping_allocates_little_more_than_its_answer()
    {
        var mapping = Compile("""{"sku":"$.input.sku","n":"$.input.quantity","r":"$.steps.a.output.id"}""");
        var source = MappingSource.WithInput("""{"orderId":"o1","sku":"A1","quantity":3}""");
        source.Outputs["a"] = JsonData.FromText("""{"id":"r1"}""");
        mapping.Map(source);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) mapping.Map(source);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;

        each.Should().BeLessThan(200);
    }

    private static InputMapping Compile(string written)
    {
        var compiled = InputMapping.Compile(JsonData.FromText(written));
        compiled.Problems.Should().BeEmpty();
        return compiled.Mapping!;
    }

    private static Mapped Map(string written, IMappingSource source) => Compile(written).Map(source);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text) quoted.Append(c is '"' or '\\' ? $"\\{c}" : c < ' ' ? $"\\u{(int)c:x4}" : c.ToString());
        return quoted.Append('"').ToString();
    }
}
