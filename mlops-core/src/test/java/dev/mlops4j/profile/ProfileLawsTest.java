package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileLawsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 10, 100, 1_000, 5_000})
  void anyOrderGivesTheSameBytes(int rows) {
    Random random = new Random(rows);
    Dataset dataset = RandomDatasets.of(random, rows);
    byte[] expected = bytes(DatasetProfile.of(dataset));
    for (int i = 0; i < 3; i++) {
      Dataset shuffled = dataset.select(RandomDatasets.shuffled(random, rows));
      assertThat(bytes(DatasetProfile.of(shuffled))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 100, 1_000, 5_000})
  void anySplitMergedInAnyOrderGivesTheWhole(int rows) {
    Random random = new Random(rows);
    Dataset dataset = RandomDatasets.of(random, rows);
    DatasetProfile whole = DatasetProfile.of(dataset);
    for (int repetition = 0; repetition < 5; repetition++) {
      int[] order = RandomDatasets.shuffled(random, rows);
      DatasetProfile merged = DatasetProfile.of(dataset.select());
      int from = 0;
      while (from < rows) {
        int to = from + 1 + random.nextInt(rows - from);
        DatasetProfile part =
            DatasetProfile.of(dataset.select(Arrays.copyOfRange(order, from, to)));
        merged = random.nextBoolean() ? merged.merge(part) : part.merge(merged);
        from = to;
      }
      assertThat(bytes(merged)).isEqualTo(bytes(whole));
      assertThat(merged).isEqualTo(whole).hasSameHashCodeAs(whole);
    }
  }

  /** Splits into as many as 30 parts, of as little as one row, merged as a random tree. */
  @Test
  void fiveHundredRandomSplitsGiveTheWhole() {
    Random random = new Random(500);
    for (int repetition = 0; repetition < 500; repetition++) {
      int rows = 1 + random.nextInt(150);
      Dataset dataset = RandomDatasets.of(random, rows);
      List<List<Integer>> parts = new ArrayList<>();
      for (int i = 1 + random.nextInt(30); i > 0; i--) {
        parts.add(new ArrayList<>());
      }
      for (int row : RandomDatasets.shuffled(random, rows)) {
        parts.get(random.nextInt(parts.size())).add(row);
      }
      List<DatasetProfile> left = new ArrayList<>();
      for (List<Integer> part : parts) {
        int[] selected = part.stream().mapToInt(Integer::intValue).toArray();
        left.add(DatasetProfile.of(dataset.select(selected)));
      }
      while (left.size() > 1) {
        DatasetProfile one = left.remove(random.nextInt(left.size()));
        DatasetProfile other = left.remove(random.nextInt(left.size()));
        left.add(one.merge(other));
      }
      assertThat(bytes(left.get(0)))
          .as("repetition %s", repetition)
          .isEqualTo(bytes(DatasetProfile.of(dataset)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 100, 3_000})
  void mergingIsAssociativeAndCommutative(int rows) {
    Random random = new Random(rows);
    DatasetProfile a = DatasetProfile.of(RandomDatasets.of(random, rows));
    DatasetProfile b = DatasetProfile.of(RandomDatasets.of(random, rows / 2));
    DatasetProfile c = DatasetProfile.of(RandomDatasets.of(random, rows / 3));
    assertThat(bytes(a.merge(b))).isEqualTo(bytes(b.merge(a)));
    assertThat(bytes(a.merge(b).merge(c))).isEqualTo(bytes(a.merge(b.merge(c))));
  }

  @Test
  void mergingChangesNeitherSide() {
    Random random = new Random(3);
    DatasetProfile a = DatasetProfile.of(RandomDatasets.of(random, 2_000));
    DatasetProfile b = DatasetProfile.of(RandomDatasets.of(random, 2_000));
    byte[] before = bytes(a);
    byte[] other = bytes(b);
    a.merge(b);
    assertThat(bytes(a)).isEqualTo(before);
    assertThat(bytes(b)).isEqualTo(other);
  }

  @Test
  void anotherValueGivesAnotherProfile() {
    Dataset dataset = RandomDatasets.of(new Random(4), 100);
    int[] rows = new int[100];
    assertThat(DatasetProfile.of(dataset)).isNotEqualTo(DatasetProfile.of(dataset.select(rows)));
  }

  @Test
  void profilesOfDifferentColumnsAreNotMerged() {
    DatasetProfile a = profileOf(ColumnType.FLOAT64);
    DatasetProfile b = profileOf(ColumnType.STRING);
    assertThatThrownBy(() -> a.merge(b))
        .isInstanceOf(ProfileException.class)
        .hasMessage(
            "profiles of different columns cannot be merged: [x FLOAT64] and [x STRING]; profile"
                + " the same columns in the same order");
  }

  @Test
  void anUnknownColumnIsRefusedWithTheColumnsThereAre() {
    assertThatThrownBy(() -> profileOf(ColumnType.FLOAT64).column("y"))
        .isInstanceOf(ProfileException.class)
        .hasMessage("no column \"y\" in the profile; there are: x");
  }

  @Test
  void whatAColumnDoesNotHaveIsRefusedWithItsType() {
    assertThatThrownBy(() -> profileOf(ColumnType.STRING).numbers("x"))
        .isInstanceOf(ProfileException.class)
        .hasMessage("column \"x\" has no numbers in the profile: it is STRING");
    assertThatThrownBy(() -> profileOf(ColumnType.INT64).categories("x"))
        .isInstanceOf(ProfileException.class)
        .hasMessage("column \"x\" has no categories in the profile: it is INT64");
  }

  private static DatasetProfile profileOf(ColumnType type) {
    return DatasetProfile.of(Dataset.builder(Schema.builder().optional("x", type).build()).build());
  }

  private static byte[] bytes(DatasetProfile profile) {
    return ProfileCodec.encode(profile);
  }
}
