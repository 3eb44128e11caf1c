package io.reelbatch.adapters.aws;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** A batch's job items in the order of their index, merged from its partition keys; holds a page of each. */
final class OrderedJobs implements Iterator<Map<String, AttributeValue>> {
    private static final int ITEMS_PER_PAGE = 200;

    private final Table table;
    private final String what;
    private final PriorityQueue<Cursor> cursors = new PriorityQueue<>(Comparator.comparing(
            (Cursor cursor) -> Items.attribute(cursor.head(), TableSchema.SK).s()));

    OrderedJobs(Table table, String batchId) {
        this.table = table;
        this.what = "read the jobs of batch " + batchId;
        for (int partition = 0; partition < TableSchema.PARTITIONS; partition++) {
            advance(new Cursor(TableSchema.jobsPk(batchId, partition)));
        }
    }

    @Override
    public boolean hasNext() {
        return !cursors.isEmpty();
    }

    @Override
    public Map<String, AttributeValue> next() {
        Cursor first = cursors.poll();
        if (first == null) {
            throw new NoSuchElementException();
        }
        Map<String, AttributeValue> item = first.head();
        advance(first);
        return item;
    }

    private void advance(Cursor cursor) {
        if (cursor.advance()) {
            cursors.add(cursor);
        }
    }

    /** Where one partition key has been read to. */
    private final class Cursor {
        private final String pk;
        private Iterator<Map<String, AttributeValue>> page =
                List.<Map<String, AttributeValue>>of().iterator();
        private Map<String, AttributeValue> continueFrom = Map.of();
        private boolean isLastPage;
        private Map<String, AttributeValue> head = Map.of();

        Cursor(String pk) {
            this.pk = pk;
        }

        Map<String, AttributeValue> head() {
            return head;
        }

        boolean advance() {
            while (!page.hasNext() && !isLastPage) {
                QueryResponse response = table.page(what, pk, continueFrom, ITEMS_PER_PAGE);
                page = response.items().iterator();
                continueFrom = response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : Map.of();
                isLastPage = continueFrom.isEmpty();
            }
            if (!page.hasNext()) {
                return false;
            }
            head = page.next();
            return true;
        }
    }
}
